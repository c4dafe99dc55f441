from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class NotTreating(Refusal):
    code = "not_treating"
    text = _("Only a doctor or nurse who has an appointment with this patient may do this.")


class AllergyKnown(Refusal):
    code = "allergy_known"
    text = _("This allergy is already on the patient's list.")


class AllergiesOnList(Refusal):
    code = "allergies_on_list"
    text = _("There are allergies on the patient's list; refute or resolve them first.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    field = "reason"
    text = _("Give a reason.")


class SignedIsFinal(Refusal):
    code = "signed"
    text = _("This is signed and can no longer be changed.")


class NotYourEncounter(Refusal):
    code = "not_your_encounter"
    text = _("Only the doctor who began this record can do this.")


class VisitNotBegun(Refusal):
    code = "visit_not_begun"
    text = _("The patient has not arrived. Check the patient in first.")


class FollowUpInThePast(Refusal):
    code = "follow_up_in_the_past"
    field = "follow_up_on"
    text = _("The follow-up must not be in the past.")


class NothingToSign(Refusal):
    code = "nothing_to_sign"
    text = _("Write a complaint, a finding or a diagnosis before you sign.")


class TextMissing(Refusal):
    code = "text_missing"
    field = "text"
    text = _("Write the addition.")


class WrongPassword(Refusal):
    code = "wrong_password"
    field = "password"
    text = _("This is not your password.")


class AlreadyTreating(Refusal):
    code = "already_treating"
    text = _("You treat this patient already, so the record is open to you.")


class NoSuchPatient(Refusal):
    code = "no_such_patient"
    field = "mrn"
    text = _("There is no patient with this number.")


class ScheduleUnclear(Refusal):
    code = "schedule_unclear"
    field = "schedule"
    text = _("“%(typed)s” is not a schedule. Enter for example 1-0-1, BD, q8h, SOS or alternate days.")


class MedicineUnknown(Refusal):
    code = "medicine_unknown"
    field = "name"
    text = _("Choose a medicine or enter its name.")


class MedicineInactive(Refusal):
    code = "medicine_inactive"
    field = "medicine"
    text = _("%(name)s can no longer be prescribed.")


class DoseRefused(Refusal):
    code = "dose_refused"
    field = "dose"
    text = _("Enter a dose above zero and below 100,000.")


class NotYourVisit(Refusal):
    code = "not_your_visit"
    text = _("Only the doctor of the visit, or one who covers for them, may do this.")


class DraftChanged(Refusal):
    code = "draft_changed"
    text = _("Nothing has been saved: this prescription was changed while you had it open.")


class DraftNotEmpty(Refusal):
    code = "draft_not_empty"
    text = _("This visit already has a draft with items; remove them first.")


class NothingToRepeat(Refusal):
    code = "nothing_to_repeat"
    text = _("There is no earlier prescription to repeat.")


class NotByVideo(Refusal):
    code = "not_by_video"
    text = _("The telemedicine guidelines do not allow this in a video visit: %(medicines)s.")


class PrescriptionIncomplete(Refusal):
    code = "prescription_incomplete"
    text = _("A prescription cannot be signed without: %(missing)s.")


class FindingsUnresolved(Refusal):
    """Carries the findings that need a reason."""

    code = "findings_unresolved"
    text = _("Give a reason for each finding, or change the prescription: %(texts)s")

    def __init__(self, findings):
        self.findings = list(findings)
        super().__init__(texts=" ".join(finding.text for finding in self.findings))


class PrescriptionNotValid(Refusal):
    code = "prescription_not_valid"
    text = _("This prescription was valid until %(day)s.")


class IngredientMissing(Refusal):
    code = "ingredient_missing"
    text = _("Name at least one ingredient.")
