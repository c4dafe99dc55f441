from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


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
