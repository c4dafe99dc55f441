"""Results are entered, verified by another person, released, and corrected by further results.

Each service locks the order first and then the result.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from accounts.names import tidy
from clinical.exceptions import (
    CriticalNotReported,
    FlagMissing,
    ReasonMissing,
    RecipientMissing,
    ResultCorrected,
    ResultFixed,
    ResultMissing,
    ResultUnfit,
    VerifiedByAuthor,
)
from clinical.models import LabOrder, LabResult, LabTest, ReferenceRange
from clinical.ranges import Limits, choose_range, flag_of
from clinical.services.lab_documents import code_of_sample, replace_code_of_sample
from clinical.services.lab_orders import LABORATORY, check_columns, locked
from clinical.services.visit_documents import renew_summary
from clinical.statuses import GIVEN, JUDGED, Flag, LabOrderStatus, LabResultStatus, RangeGap, ResultKind
from hms.core.rights import SYSTEM, person, require
from hms.core.states import move
from hms.core.transactions import retried_atomic

WHAT_WAS_FOUND = ("value", "comparator", "unit", "choice", "text", "flag")
FIXED = (LabOrderStatus.VERIFIED, LabOrderStatus.RELEASED)


@dataclass(frozen=True)
class Finding:
    """What was found: a number with its unit, a choice, or a text with the flag that a person gave it."""

    value: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    choice: str = ""
    text: str = ""
    flag: str = ""


@retried_atomic
def enter_result(*, order: LabOrder, finding: Finding, by) -> LabResult:
    """Enter the result of a collected sample, or change one that nobody has verified.

    Refuses a result that does not fit the test; the same result again changes nothing.
    """
    require(by, LABORATORY)
    (order,) = locked([order])
    if order.status in FIXED:
        raise ResultFixed
    if order.status != LabOrderStatus.RESULTED:
        result = _new(order, by)
        move(order, LabOrderStatus.RESULTED, resulted_at=timezone.now())
        return filled_in(result, finding)
    result = current_result(order)
    before = {name: getattr(result, name) for name in WHAT_WAS_FOUND}
    for name, value in _columns(order, finding).items():
        setattr(result, name, value)
    if before == {name: getattr(result, name) for name in WHAT_WAS_FOUND}:
        return result
    order.resulted_at = result.recorded_at = timezone.now()
    order.save(update_fields=["resulted_at"])
    result.recorded_by = person(by)
    check_columns(result)
    result.save()
    return result


@retried_atomic
def correct_result(*, result: LabResult, finding: Finding, reason: str, by) -> LabResult:
    """Enter a result that replaces a verified or released one, which is kept; it is verified again.

    Reports on the sample and summaries of the visit that say what was found before are replaced. Refuses
    without a reason, and a result that does not fit the test.
    """
    require(by, LABORATORY)
    reason = tidy(reason)
    if not reason:
        raise ReasonMissing
    (order,) = locked([result.order])
    was = current_result(order)
    if was is None or was.pk != result.pk:
        raise ResultCorrected
    move(order, LabOrderStatus.RESULTED, resulted_at=timezone.now())
    if was.document_id:
        replace_code_of_sample(order, by=by)
    if was.status == LabResultStatus.ACKNOWLEDGED:
        renew_summary(order.appointment, by=by)
    correction = _new(order, by)
    correction.replaces, correction.correction_reason = was, reason
    return filled_in(correction, finding)


@retried_atomic
def verify_result(*, result: LabResult, by) -> LabResult:
    """Confirm a result that another person entered; a second call changes nothing."""
    require(by, LABORATORY)
    order, result = _locked(result)
    if result.is_final:
        return result
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


def current_result(order: LabOrder) -> LabResult | None:
    """The result that the laboratory works on, locked: neither corrected nor withdrawn."""
    result = LabResult.objects.select_for_update().current().filter(order=order).order_by().first()
    if result is not None:
        result.order = order
    return result


def limits_for(order: LabOrder, unit: str) -> Limits:
    """The range valid on the day of collection for the patient's age and sex, in the unit of the result."""
    test, patient = order.test, order.patient
    day = timezone.localdate(order.collected_at)
    age_days = (day - patient.date_of_birth).days
    ranges = ReferenceRange.objects.filter(test=test).valid_on(day)
    found = choose_range(ranges, gender=patient.gender, age_days=age_days)
    always = [_converted(limit, test, test.unit, unit) for limit in (test.critical_low, test.critical_high)]
    if isinstance(found, RangeGap):
        return Limits(critical_low=always[0], critical_high=always[1], gap=found)
    low, high, critical_low, critical_high = (
        _converted(limit, test, found.unit, unit)
        for limit in (found.low, found.high, found.critical_low, found.critical_high)
    )
    if low is None and high is None:
        return Limits(critical_low=always[0], critical_high=always[1], gap=RangeGap.OTHER_UNIT)
    own = [always[0] if critical_low is None else critical_low]
    own.append(always[1] if critical_high is None else critical_high)
    return Limits(low, high, *own)


def _converted(limit: Decimal | None, test: LabTest, unit: str, wanted: str) -> Decimal | None:
    """The limit in the wanted unit, with three significant digits; None if it cannot be converted."""
    if limit is None or unit == wanted:
        return limit
    exact = test.converted(limit, unit, wanted)
    return None if exact is None else Decimal(f"{exact:.2e}")


def _new(order: LabOrder, by) -> LabResult:
    return LabResult(
        order=order, patient=order.patient, confidentiality=order.confidentiality, recorded_by=person(by)
    )


def filled_in(result: LabResult, finding: Finding) -> LabResult:
    """Save a new result with what was found and the range that it met."""
    for name, value in _columns(result.order, finding).items():
        setattr(result, name, value)
    check_columns(result)
    result.save()
    return result


def _columns(order: LabOrder, finding: Finding) -> dict:
    test = order.test
    if test.kind == ResultKind.NUMBER:
        return _columns_of_number(order, finding)
    empty = dict.fromkeys(("value", "low", "high", "critical_low", "critical_high"))
    empty |= {"comparator": "", "unit": "", "choice": "", "text": "", "range_gap": RangeGap.NONE}
    if test.kind == ResultKind.CHOICE:
        if finding.choice not in test.listed_choices:
            raise ResultMissing if not finding.choice else ResultUnfit
        return empty | {"choice": finding.choice, "flag": _flag_of_choice(test, finding.choice)}
    text = finding.text.strip()
    if not text:
        raise ResultMissing
    if finding.flag not in JUDGED:
        raise FlagMissing
    return empty | {"text": text, "flag": Flag(finding.flag)}


def _columns_of_number(order: LabOrder, finding: Finding) -> dict:
    if finding.value is None:
        raise ResultMissing
    unit = finding.unit or order.test.unit
    if finding.value < 0 or unit not in order.test.units:
        raise ResultUnfit
    limits = limits_for(order, unit)
    flag = flag_of(finding.value, finding.comparator, limits)
    is_vague = flag == Flag.NO_RANGE and not limits.gap
    return {
        "value": finding.value, "comparator": finding.comparator, "unit": unit, "choice": "", "text": "",
        "low": limits.low, "high": limits.high, "critical_low": limits.critical_low,
        "critical_high": limits.critical_high, "flag": flag,
        "range_gap": RangeGap.NOT_EXACT if is_vague else limits.gap,
    }  # fmt: skip


def _flag_of_choice(test: LabTest, choice: str) -> Flag:
    if choice in test.critical_choices.split("|"):
        return Flag.CRITICAL
    if not test.usual_choices:
        return Flag.NO_RANGE
    return Flag.NORMAL if choice in test.usual_choices.split("|") else Flag.ABNORMAL


def _locked(result: LabResult) -> tuple[LabOrder, LabResult]:
    (order,) = locked([result.order])
    current = current_result(order)
    if current is None or current.pk != result.pk:
        raise ResultCorrected
    return order, current
