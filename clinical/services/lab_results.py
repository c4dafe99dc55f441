"""Results are entered, verified by another person, released, and corrected by further results.

Each service locks the order first and then the result.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.names import tidy
from clinical.exceptions import (
    CorrectionVerified,
    CriticalNotReported,
    InputsNotVerified,
    ReasonMissing,
    RecipientMissing,
    ResultCorrected,
    ResultFixed,
    ResultIsComputed,
    VerifiedByAuthor,
)
from clinical.models import LabOrder, LabResult
from clinical.services.attachments import replace_file_of_result
from clinical.services.lab_computing import compute_from, computed_orders_of, inputs_of
from clinical.services.lab_documents import code_of_sample, replace_code_of_sample
from clinical.services.lab_findings import Finding, current_result, write_correction, write_finding
from clinical.services.lab_orders import LABORATORY, locked
from clinical.services.visit_documents import renew_summary
from clinical.statuses import GIVEN, LabOrderStatus, LabResultStatus
from hms.core.rights import SYSTEM, person, require
from hms.core.states import move
from hms.core.transactions import retried_atomic

FIXED = (LabOrderStatus.VERIFIED, LabOrderStatus.RELEASED)


@retried_atomic
def enter_result(*, order: LabOrder, finding: Finding, by) -> LabResult:
    """Enter the result of a collected sample, or change one that nobody has verified.

    What is computed from it is brought up to date. Refuses a computed test, and a result that does not fit;
    the same result again changes nothing.
    """
    require(by, LABORATORY)
    (order,) = locked([order])
    if order.test.is_computed:
        raise ResultIsComputed
    if order.status in FIXED:
        raise ResultFixed
    result = write_finding(order, finding, by=by)
    compute_from(order, by=by)
    return result


@retried_atomic
def correct_result(*, result: LabResult, finding: Finding, reason: str, by) -> LabResult:
    """Enter a result that replaces a verified or released one, which is kept; it is verified again.

    Summaries of the visit that say what was found before are replaced, reports when the correction is
    released, and what was computed from the result is corrected too. Refuses without a reason, a computed
    result, and one that does not fit the test.
    """
    require(by, LABORATORY)
    reason = tidy(reason)
    if not reason:
        raise ReasonMissing
    (order,) = locked([result.order])
    if order.test.is_computed:
        raise ResultIsComputed
    result.order = order
    correction = write_correction(result, finding, reason=reason, by=by)
    compute_from(order, by=by)
    return correction


@retried_atomic
def withdraw_result(*, result: LabResult, reason: str, by) -> LabResult:
    """Correct a final result to "withdrawn", for example when the tube was another patient's."""
    text = _("Withdrawn: %(reason)s") % {"reason": tidy(reason)}
    return correct_result(result=result, finding=Finding(text=text, is_withdrawal=True), reason=reason, by=by)


@retried_atomic
def take_back_correction(*, result: LabResult, by) -> LabResult:
    """Withdraw a correction that was entered by mistake: the result that it was to replace holds again.

    So do those that are computed from it. Refuses one that somebody has verified, and a computed one.
    """
    require(by, LABORATORY)
    order, result = _locked(result)
    if order.test.is_computed:
        raise ResultIsComputed
    if not _can_be_taken_back(result):
        raise CorrectionVerified
    computed = computed_orders_of(order)
    for one in (result, *filter(None, map(current_result, computed))):
        if _can_be_taken_back(one):
            _take_back(one, by=by)
    compute_from(order, by=by)
    return result


def _can_be_taken_back(result: LabResult) -> bool:
    return result.status == LabResultStatus.ENTERED and result.replaces_id is not None


def _take_back(result: LabResult, *, by) -> None:
    order, was = result.order, result.replaces
    is_given = was.status in GIVEN
    move(order, LabOrderStatus.RELEASED if is_given else LabOrderStatus.VERIFIED)
    move(result, LabResultStatus.WITHDRAWN, replaces=None)
    if result.file and result.file != was.file:
        replace_file_of_result(result.file)
    if was.status == LabResultStatus.ACKNOWLEDGED:
        renew_summary(order.appointment, by=by)


@retried_atomic
def verify_result(*, result: LabResult, by) -> LabResult:
    """Confirm a result that another person entered; a second call changes nothing.

    Refuses a computed result before the results that it was computed from.
    """
    require(by, LABORATORY)
    order, result = _locked(result)
    if result.is_final:
        return result
    if not all(one.is_final for one in inputs_of(order).values()):
        raise InputsNotVerified
    if by is not SYSTEM and result.recorded_by_id == by.pk:
        raise VerifiedByAuthor
    now = timezone.now()
    move(order, LabOrderStatus.VERIFIED, verified_at=now)
    move(result, LabResultStatus.VERIFIED, verified_at=now, verified_by=person(by))
    return result


@retried_atomic
def report_critical_value(*, result: LabResult, to: str, by) -> LabResult:
    """Record to whom a critical value was reported; refuses without a name."""
    require(by, LABORATORY)
    _order, result = _locked(result)
    if not tidy(to):
        raise RecipientMissing
    if result.reported_at:
        return result
    result.reported_to, result.reported_at, result.reported_by = tidy(to), timezone.now(), person(by)
    result.save(update_fields=["reported_to", "reported_at", "reported_by"])
    return result


@retried_atomic
def release_result(*, result: LabResult, by) -> LabResult:
    """Release a verified result to the doctor who ordered it; a second call changes nothing.

    With a correction, reports that say what was found before are replaced.
    Refuses a critical value that was not reported to anybody.
    """
    require(by, LABORATORY)
    order, result = _locked(result)
    if result.status in GIVEN:
        return result
    if result.is_critical and not result.reported_at:
        raise CriticalNotReported
    now = timezone.now()
    move(order, LabOrderStatus.RELEASED, released_at=now)
    if result.replaces_id:
        replace_code_of_sample(order, by=by)
    code = code_of_sample(order, by=by)
    move(result, LabResultStatus.RELEASED, released_at=now, released_by=person(by), document=code)
    return result


def _locked(result: LabResult) -> tuple[LabOrder, LabResult]:
    (order,) = locked([result.order])
    current = current_result(order)
    if current is None or current.pk != result.pk:
        raise ResultCorrected
    return order, current
