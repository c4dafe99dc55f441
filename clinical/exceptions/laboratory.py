from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class NothingOrdered(Refusal):
    code = "nothing_ordered"
    field = "tests"
    text = _("Choose at least one test that can be ordered.")


class VisitNotHeld(Refusal):
    code = "visit_not_held"
    text = _("This needs a booked visit, not one that is held, expired or cancelled.")


class NotOneSample(Refusal):
    code = "not_one_sample"
    text = _("One label is for one container of one patient.")


class ResultFixed(Refusal):
    code = "result_fixed"
    text = _("A result has been verified: correct it instead.")


class ResultIsComputed(Refusal):
    code = "result_is_computed"
    text = _("This result is computed from others: enter or correct those.")


class InputsNotVerified(Refusal):
    code = "inputs_not_verified"
    text = _("The results from which this one is computed are verified first.")


class FileOfResult(Refusal):
    code = "file_of_result"
    text = _("This file belongs to a test result: the laboratory corrects it, and the doctor releases it.")


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


class ResultImpossible(Refusal):
    code = "result_impossible"
    field = "value"
    text = _("%(test)s is between %(low)s and %(high)s %(unit)s. Check the number and the unit.")
    at_least = _("%(test)s is at least %(low)s %(unit)s. Check the number and the unit.")
    at_most = _("%(test)s is at most %(high)s %(unit)s. Check the number and the unit.")


class CorrectionVerified(Refusal):
    code = "correction_verified"
    text = _("Only a correction that nobody has verified is taken back.")


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
