"""One analyte over time: units are converted by the factor of the test and never joined without one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.lab_trends import trend_of
from clinical.models import LabOrder, LabResult, LabTest

pytestmark = pytest.mark.feature("C16")
GLUCOSE = LabTest(name="Glucose", unit="mg/dL", other_unit="mmol/L", other_factor=Decimal("18.016"))
HBA1C = LabTest(name="HbA1c", unit="%", decimals=1)
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Values:
    test: LabTest
    day: int = 0

    def add(self, value: str, unit: str, comparator: str = "") -> LabResult:
        self.day += 1
        order = LabOrder(test=self.test, collected_at=START + timedelta(days=self.day))
        return LabResult(pk=self.day, order=order, value=Decimal(value), unit=unit, comparator=comparator)


def test_values_in_both_units_are_one_line_in_the_unit_that_is_asked_for():
    values = Values(GLUCOSE)
    results = [values.add("126", "mg/dL"), values.add("5.5", "mmol/L")]

    own, other = trend_of(GLUCOSE, reversed(results)), trend_of(GLUCOSE, results, "mmol/L")

    assert [(point.shown, point.is_converted) for point in own.points] == [("126", False), ("99.1", True)]
    assert [point.shown for point in other.points] == ["6.99", "5.5"]
    assert (own.all == own.points, own.unit, other.before(results[1]).shown) == (True, "mg/dL", "6.99")
    assert other.before(results[0]) is None


def test_a_unit_without_a_factor_is_never_joined():
    values = Values(HBA1C)
    results = [values.add("6.5", "%"), values.add("48", "mmol/mol"), values.add("7", "%")]

    trend = trend_of(HBA1C, results)

    assert [point.shown for point in trend.points] == ["6.5", "7.0"]
    assert [point.text for point in trend.all if point.value is None] == [
        "48 mmol/mol, not comparable: another unit"
    ]


def test_a_value_beyond_what_can_be_measured_is_not_exact():
    trend = trend_of(GLUCOSE, [Values(GLUCOSE).add("600", "mg/dL", ">")])

    assert [(point.shown, point.is_exact) for point in trend.points] == [(">600", False)]


def test_the_line_has_the_exact_values_in_one_unit():
    values = Values(GLUCOSE)
    results = [values.add("126", "mg/dL"), values.add("600", "mg/dL", ">"), values.add("5.5", "mmol/L")]

    chart = trend_of(GLUCOSE, results).chart

    assert [len(line.dots) for line in chart.lines] == [2]
    assert [label for _x, label in chart.x_ticks] == ["2 Jan 26", "4 Jan 26"]
    assert trend_of(GLUCOSE, results[:2]).chart is None


@given(st.decimals(min_value="0.1", max_value="99999", places=2))
def test_a_value_there_and_back_is_the_same(value):
    there = GLUCOSE.converted(value, "mg/dL", "mmol/L")

    assert abs(GLUCOSE.converted(there, "mmol/L", "mg/dL") - value) < Decimal("0.000001")
    assert GLUCOSE.converted(value, "mg/dL", "g/L") is None
