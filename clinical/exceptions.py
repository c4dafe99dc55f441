from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from hms.core.refusals import Refusal


class NotTreating(Refusal):
    code = "not_treating"
    text = _("Only a doctor or nurse who has an appointment with this patient may do this.")


class AlreadyOnList(Refusal):
    code = "already_on_list"
    text = _("This is already on the patient's list.")


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


class SinceRefused(Refusal):
    code = "since_refused"
    field = "since"
    text = _("Enter a year, a month or a day: 2019, 2019-05 or 2019-05-20.")
    in_the_future = _("This is in the future.")
    before_the_birth = _("This is before the patient's birth.")


class EndRefused(Refusal):
    code = "end_refused"
    field = "resolved_on"
    text = _("Only a resolved problem has an end.")
    in_the_future = _("This is in the future.")
    before_the_beginning = _("This is before the problem began.")


# --- vital signs


class NotAMeasurement(Refusal):
    code = "not_a_measurement"
    text = _("Enter a number, for example %(example)s.")

    @classmethod
    def of(cls, measure) -> "NotAMeasurement":
        if not measure.example:
            return cls(_("Enter a number."))
        return cls(
            _("Enter a number in %(unit)s, or with another unit like %(example)s."),
            unit=measure.unit,
            example=measure.example,
        )


class TooPrecise(Refusal):
    code = "too_precise"
    text = _("Enter a whole number.")

    @classmethod
    def of(cls, measure) -> "TooPrecise":
        if not measure.decimals:
            return cls()
        text = ngettext_lazy(
            "Enter at most %(decimals)d decimal.", "Enter at most %(decimals)d decimals.", "decimals"
        )
        return cls(text, decimals=measure.decimals)


class ImpossibleValue(Refusal):
    code = "impossible_value"
    text = _("%(value)s is not possible. Enter %(low)s to %(high)s.")

    @classmethod
    def of(cls, measure, value) -> "ImpossibleValue":
        low, high = measure.number(measure.low), measure.in_words(measure.high)
        said = {"value": measure.in_words(value), "low": low, "high": high}
        if not measure.example:
            return cls(**said)
        text = _("%(value)s is not possible. Enter %(low)s to %(high)s, or name the unit: %(example)s.")
        return cls(text, **said, example=measure.example)


class DiastolicTooHigh(Refusal):
    code = "diastolic_too_high"
    text = _("The diastolic pressure must be below the systolic pressure.")


class NothingMeasured(Refusal):
    code = "nothing_measured"
    text = _("Enter at least one measurement.")


class MeasuredAtImpossible(Refusal):
    code = "measured_at_impossible"
    field = "measured_at"
    text = _("Enter a time between the patient's birth and now.")


class AppointmentOfAnother(Refusal):
    code = "appointment_of_another"
    text = _("This appointment is another patient's.")


# --- lists of diagnoses


class BadDiagnosisList(Refusal):
    code = "bad_diagnosis_list"
    text = _("Line %(line)s: %(problem)s.")


class NoDiagnoses(Refusal):
    code = "no_diagnoses"
    text = _("The list has no diagnoses; nothing was changed.")


# --- the laboratory


class NothingOrdered(Refusal):
    code = "nothing_ordered"
    field = "tests"
    text = _("Choose at least one test that can be ordered.")


class VisitNotHeld(Refusal):
    code = "visit_not_held"
    text = _("Tests are ordered for a booked visit, not for one that is held, expired or cancelled.")


class NotOneSample(Refusal):
    code = "not_one_sample"
    text = _("One label is for one container of one patient.")


class ResultFixed(Refusal):
    code = "result_fixed"
    text = _("A result has been verified: correct it instead.")


class ResultCorrected(Refusal):
    code = "result_corrected"
    text = _("This result has been corrected or withdrawn in the meantime.")


class ResultMissing(Refusal):
    code = "result_missing"
    field = "value"
    text = _("Enter the result.")


class ResultUnfit(Refusal):
    code = "result_unfit"
    field = "value"
    text = _("This is not a result of this test.")


class FlagMissing(Refusal):
    code = "flag_missing"
    field = "flag"
    text = _("State whether the result is normal, abnormal or critical.")


class VerifiedByAuthor(Refusal):
    code = "verified_by_author"
    text = _("Another person than the one who entered the result must verify it.")


class CriticalNotReported(Refusal):
    code = "critical_not_reported"
    field = "reported_to"
    text = _("A critical value is reported to somebody who treats the patient before it is released.")


class RecipientMissing(Refusal):
    code = "recipient_missing"
    field = "reported_to"
    text = _("Enter to whom the critical value was reported.")


class NotReleased(Refusal):
    code = "not_released"
    text = _("The result has not been released.")


class NotYourResult(Refusal):
    code = "not_your_result"
    text = _("The doctor who ordered the test acknowledges its result, others only when it is overdue.")


class RangeOverlaps(Refusal):
    code = "range_overlaps"
    field = "valid_from"
    text = _("Another range for these ages and this sex is valid on that day: %(range)s.")


class RangeIsFixed(Refusal):
    code = "range_is_fixed"
    text = _("A range is not changed: end it and add a new one.")


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


# --- the end of a visit


class TestUnknown(Refusal):
    code = "test_unknown"
    text = _("“%(name)s” is not a test of the catalogue.")


@contextmanager
def typed_at(field: str) -> Iterator[None]:
    """Show what is refused within at this field of the form, where it was typed."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = field
        raise


# --- reviews


class VisitNotCompleted(Refusal):
    code = "visit_not_completed"
    text = _("Only a completed visit can be reviewed.")


class AlreadyReviewed(Refusal):
    code = "already_reviewed"
    text = _("This visit has a review already; you can change it.")


class OwnReview(Refusal):
    code = "own_review"
    text = _("Nobody writes or moderates reviews of their own work.")


class NotYourReview(Refusal):
    code = "not_your_review"
    text = _("Only the doctor of the visit can answer.")


class NotPublished(Refusal):
    code = "not_published"
    text = _("Only a published review can be answered.")
