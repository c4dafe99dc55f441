"""Computed results follow the results of the same sample that they are computed from."""

from collections.abc import Iterable
from functools import reduce

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinical.formulas import FORMULAS, Formula, NotComputed, Sample, computed_from
from clinical.models import LabOrder, LabResult, LabTest
from clinical.services.lab_findings import (
    Finding,
    current_result,
    write_correction,
    write_finding,
)
from clinical.services.lab_orders import locked, narrower
from clinical.statuses import LabOrderStatus

NOT_RESULTED = (LabOrderStatus.ORDERED, LabOrderStatus.CANCELLED)


def compute_from(order: LabOrder, *, by) -> None:
    """Compute what the formulas make of the order's new result, as soon as the other inputs are there.

    A final result that comes out differently is corrected by a further one. Where a formula does not hold,
    the result says "not computed" with the reason. The caller has locked the order.
    """
    for computed in computed_orders_of(order):
        _compute(computed, because=order, by=by)


def computed_orders_of(order: LabOrder) -> list[LabOrder]:
    """The orders of the sample that are computed from this one, locked."""
    codes = computed_from(order.test.code)
    if not codes:
        return []
    sample = LabOrder.objects.filter(label=order.label, patient=order.patient_id, test__code__in=codes)
    return [row for row in locked(sample.exclude(status__in=NOT_RESULTED)) if row.test.is_computed]


def inputs_of(order: LabOrder) -> dict[str, LabResult]:
    """The results in the sample from which a test is computed, by code, locked; none for other tests."""
    if not order.test.is_computed:
        return {}
    codes = FORMULAS[order.test.code].inputs
    sample = LabOrder.objects.filter(label=order.label, patient=order.patient_id, test__code__in=codes)
    rows = sample.exclude(status__in=NOT_RESULTED).select_related("test", "patient").order_by("pk")
    found = {row.test.code: current_result(row) for row in rows}
    return {code: found[code] for code in codes if found.get(code)}


def _compute(order: LabOrder, *, because: LabOrder, by) -> None:
    formula, inputs = FORMULAS[order.test.code], inputs_of(order)
    if formula.missing(inputs):
        return
    finding = finding_of(order, formula, list(inputs.values()))
    was = current_result(order)
    if was is None or not was.is_final:
        result = write_finding(order, finding, by=by)
    elif (was.value, was.text, was.computed_from) == (finding.value, finding.text, finding.computed_from):
        return
    else:
        reason = _("%(test)s was corrected") % {"test": because.test}
        result = write_correction(was, finding, reason=reason, by=by)
    _restrict(result, inputs.values())


def _restrict(result: LabResult, inputs: Iterable[LabResult]) -> None:
    """Nobody reads a result in what was computed from it."""
    narrowest = reduce(narrower, (one.confidentiality for one in inputs), result.confidentiality)
    if narrowest != result.confidentiality:
        result.confidentiality = narrowest
        result.save(update_fields=["confidentiality"])


def finding_of(order: LabOrder, formula: Formula, inputs: list[LabResult]) -> Finding:
    age = order.patient.age_on(timezone.localdate(order.collected_at))
    words = [f"{one.order.test} {one.shown}" for one in inputs]
    if formula.is_personal:
        years = ngettext("%(age)d year", "%(age)d years", age) % {"age": age}
        words += [years, order.patient.get_gender_display().lower()]
    source = f"{formula.name}: {', '.join(words)}"
    try:
        unit = _unit_of(order.test, inputs)
        sample = Sample(_values_in(unit, inputs), unit, age, order.patient.gender)
        value = formula.compute(sample)
    except NotComputed as refusal:
        text = _("Not computed: %(reason)s") % {"reason": refusal.reason}
        return Finding(text=text, computed_from=source)
    return Finding(value=value, unit=formula.units[unit], computed_from=source)


def _unit_of(test: LabTest, inputs: list[LabResult]) -> str:
    """The unit of the inputs if the formula of the test takes it, else the first that it takes."""
    used, taken = {one.unit for one in inputs}, test.computing_units
    return next((unit for unit in taken if used == {unit}), taken[0])


def _values_in(unit: str, inputs: list[LabResult]) -> list:
    values = []
    for one in inputs:
        value = None if one.value is None else one.order.test.converted(one.value, one.unit, unit)
        if value is None or one.comparator:
            given = f"{one.order.test} {one.shown}"
            raise NotComputed(_("%(result)s cannot be used in the formula") % {"result": given})
        if not one.order.test.is_possible(one.value, one.unit):
            raise NotComputed(_("%(result)s is not possible") % {"result": f"{one.order.test} {one.shown}"})
        values.append(value)
    return values
