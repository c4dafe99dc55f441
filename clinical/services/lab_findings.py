"""What a result says: a number with the range that it met, a choice, a text or a file, and how it is written.

The rights and the steps of the laboratory are in `lab_results`; callers hold the lock of the order.
"""

from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from django.utils import timezone

from clinical.exceptions import (
    FlagMissing,
    ResultCorrected,
    ResultImpossible,
    ResultMissing,
    ResultUnfit,
)
from clinical.files.content import CleanFile
from clinical.models import Attachment, LabOrder, LabResult, LabTest, ReferenceRange
from clinical.models.lab_result import shown_number
from clinical.ranges import Limits, choose_range, flag_of
from clinical.services.attachments import file_of_result, replace_file_of_result
from clinical.services.lab_orders import check_columns
from clinical.services.visit_documents import renew_summary
from clinical.statuses import JUDGED, Flag, LabOrderStatus, LabResultStatus, RangeGap, ResultKind
from clinical.units import shown_unit
from hms.core.locks import lock_first
from hms.core.rights import person
from hms.core.states import move

WHAT_WAS_FOUND = ("value", "comparator", "unit", "choice", "text", "flag", "computed_from", "file_id")
NOTHING = {
    "value": None, "comparator": "", "unit": "", "choice": "", "text": "", "computed_from": "",
    "low": None, "high": None, "critical_low": None, "critical_high": None, "range_gap": RangeGap.NONE,
    "file": None,
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What was found: a number with its unit, a choice, or a text or file with a person's flag.

    Without a `file` the result keeps the one that it has, or that it corrects, unless `without_file`.
    Of a withdrawal the text says why there is no valid result.
    """

    value: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    choice: str = ""
    text: str = ""
    flag: str = ""
    file: CleanFile | None = None
    without_file: bool = False
    computed_from: str = ""
    is_withdrawal: bool = False


def write_finding(order: LabOrder, finding: Finding, *, by) -> LabResult:
    """The first result of an order, or the changed one that nobody has verified; the same changes nothing."""
    if order.status != LabOrderStatus.RESULTED:
        result = new_result(order, by=by)
        move(order, LabOrderStatus.RESULTED, resulted_at=timezone.now())
        return filled_in(result, finding, by=by)
    result = current_result(order)
    before, had = {name: getattr(result, name) for name in WHAT_WAS_FOUND}, result.file
    set_finding(result, finding, was=had, by=by)
    if before == {name: getattr(result, name) for name in WHAT_WAS_FOUND}:
        return result
    order.resulted_at = result.recorded_at = timezone.now()
    order.save(update_fields=["resulted_at"])
    result.recorded_by = person(by)
    check_columns(result)
    result.save()
    if had and had != result.file:
        replace_file_of_result(had)
    return result


def write_correction(result: LabResult, finding: Finding, *, reason: str, by) -> LabResult:
    """A further result of the order, which replaces a final one; summaries say that it is being corrected."""
    order = result.order
    was = current_result(order)
    if was is None or was.pk != result.pk:
        raise ResultCorrected
    move(order, LabOrderStatus.RESULTED, resulted_at=timezone.now())
    if was.status == LabResultStatus.ACKNOWLEDGED:
        renew_summary(order.appointment, by=by)
    correction = new_result(order, by=by)
    correction.replaces, correction.correction_reason = was, reason
    return filled_in(correction, finding, was=was.file, by=by)


def new_result(order: LabOrder, *, by) -> LabResult:
    return LabResult(
        order=order, patient=order.patient, confidentiality=order.confidentiality, recorded_by=person(by)
    )


def filled_in(result: LabResult, finding: Finding, *, was: Attachment | None = None, by) -> LabResult:
    """Save a new result with what was found and the range that it met."""
    set_finding(result, finding, was=was, by=by)
    check_columns(result)
    result.save()
    return result


def set_finding(result: LabResult, finding: Finding, *, was: Attachment | None, by) -> None:
    for name, value in columns_of(result.order, finding, was=was, by=by).items():
        setattr(result, name, value)


def current_result(order: LabOrder) -> LabResult | None:
    """The result that the laboratory works on, locked: neither corrected nor withdrawn."""
    result = lock_first(LabResult.objects.current().filter(order=order).order_by())
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


def columns_of(order: LabOrder, finding: Finding, *, was: Attachment | None, by) -> dict:
    """The columns of a result; refuses what is no result of the test. `was` is the file that is kept."""
    test = order.test
    if finding.is_withdrawal:
        return NOTHING | {"text": finding.text, "flag": Flag.NO_RANGE}
    if test.kind == ResultKind.NUMBER:
        return _columns_of_number(order, finding)
    if test.kind == ResultKind.CHOICE:
        if finding.choice not in test.listed_choices:
            raise ResultMissing if not finding.choice else ResultUnfit
        return NOTHING | {"choice": finding.choice, "flag": _flag_of_choice(test, finding.choice)}
    text, new = finding.text.strip(), finding.file if test.kind == ResultKind.FILE else None
    kept = None if finding.without_file else was
    if not text and not new and not kept:
        raise ResultMissing
    if finding.flag not in JUDGED:
        raise FlagMissing
    if new and not (kept and kept.sha256 == sha256(new.content).hexdigest()):
        kept = file_of_result(order, new, by=by)
    return NOTHING | {"text": text, "flag": Flag(finding.flag), "file": kept}


def _columns_of_number(order: LabOrder, finding: Finding) -> dict:
    if finding.value is None and finding.computed_from and finding.text:
        words = {"text": finding.text, "computed_from": finding.computed_from}
        return NOTHING | words | {"flag": Flag.NO_RANGE}
    if finding.value is None:
        raise ResultMissing
    unit = finding.unit or order.test.unit
    if finding.value < 0 or unit not in order.test.units:
        raise ResultUnfit
    if not finding.computed_from:
        _refuse_impossible(order.test, finding.value, unit)
    limits = limits_for(order, unit)
    flag = flag_of(finding.value, finding.comparator, limits)
    is_vague = flag == Flag.NO_RANGE and not limits.gap
    return NOTHING | {
        "value": finding.value, "comparator": finding.comparator, "unit": unit, "flag": flag,
        "low": limits.low, "high": limits.high, "critical_low": limits.critical_low,
        "critical_high": limits.critical_high, "computed_from": finding.computed_from,
        "range_gap": RangeGap.NOT_EXACT if is_vague else limits.gap,
    }  # fmt: skip


def _refuse_impossible(test: LabTest, value: Decimal, unit: str) -> None:
    if test.is_possible(value, unit):
        return
    low, high = test.possible(unit)
    text = ResultImpossible.at_most if low is None else ResultImpossible.at_least if high is None else None
    raise ResultImpossible(
        text, test=test, low=shown_number(low), high=shown_number(high), unit=shown_unit(unit)
    )


def _flag_of_choice(test: LabTest, choice: str) -> Flag:
    if choice in test.critical_choices.split("|"):
        return Flag.CRITICAL
    if not test.usual_choices:
        return Flag.NO_RANGE
    return Flag.NORMAL if choice in test.usual_choices.split("|") else Flag.ABNORMAL
