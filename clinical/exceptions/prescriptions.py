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


class DoseMissing(Refusal):
    code = "dose_missing"
    field = "dose"
    text = _("%(name)s: give the dose, e.g. %(example)s.")


class DaysRefused(Refusal):
    code = "days_refused"
    field = "duration_days"
    text = _("“%(typed)s”: enter between 1 and 1095 days.")


class LinesRefused(Refusal):
    """Says of each line that was typed and cannot be written why not."""

    code = "lines_refused"
    text = _("%(texts)s")


class ReadingsDoubtful(Refusal):
    """Typed lines that a doctor looks at as they were read before they are signed."""

    code = "readings_doubtful"
    text = _("Nothing is signed yet. Look at what your lines were read as: %(texts)s")


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

    def __init__(self, findings, readings=()):
        self.findings = list(findings)
        super().__init__(texts=" ".join([*(finding.text for finding in self.findings), *readings]))


class PrescriptionNotValid(Refusal):
    code = "prescription_not_valid"
    text = _("This prescription was valid until %(day)s.")


class IngredientMissing(Refusal):
    code = "ingredient_missing"
    text = _("Name at least one ingredient.")
