"""Results are entered, verified by another person, released, and corrected by further results.

Each service locks the order first and then the result.
"""

from django.utils import timezone

from accounts.names import tidy
from clinical.exceptions import (
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
from clinical.services.lab_computing import compute_from, inputs_of
from clinical.services.lab_documents import code_of_sample
from clinical.services.lab_findings import Finding, current_result, write_correction, write_finding
from clinical.services.lab_orders import LABORATORY, locked
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

    Reports on the sample and summaries of the visit that say what was found before are replaced, and what was
    computed from the result is corrected too. Refuses without a reason, a computed result, and one that does
    not fit the test.
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
    code = code_of_sample(order, by=by)
    move(result, LabResultStatus.RELEASED, released_at=now, released_by=person(by), document=code)
    return result


def _locked(result: LabResult) -> tuple[LabOrder, LabResult]:
    (order,) = locked([result.order])
    current = current_result(order)
    if current is None or current.pk != result.pk:
        raise ResultCorrected
    return order, current
