"""The values of one test over time, in one unit; values in a unit that cannot be converted stay apart."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from clinical.models import LabResult, LabTest
from clinical.models.lab_result import shown_number
from clinical.units import shown_unit


@dataclass(frozen=True)
class Point:
    """One released number; only an exact one belongs to a line."""

    at: datetime
    value: Decimal  # in the unit of the trend
    result: LabResult
    is_converted: bool

    @property
    def is_exact(self) -> bool:
        return not self.result.comparator

    @property
    def shown(self) -> str:
        if not self.is_converted:
            return f"{self.result.comparator}{self.result.shown_value}"
        return f"{self.result.comparator}{shown_number(Decimal(f'{self.value:.3g}'))}"


@dataclass(frozen=True)
class Trend:
    test: LabTest
    unit: str
    points: list[Point] = field(default_factory=list)  # the oldest first
    apart: list[LabResult] = field(default_factory=list)

    @property
    def shown_unit(self) -> str:
        return shown_unit(self.unit)

    @property
    def is_shown(self) -> bool:
        """One value alone is no trend."""
        return len(self.points) + len(self.apart) > 1

    def before(self, result: LabResult) -> Point | None:
        """The last point before a result."""
        earlier = [point for point in self.points if point.at < result.order.collected_at]
        return earlier[-1] if earlier else None


def trend_of(test: LabTest, results: Iterable[LabResult], unit: str = "") -> Trend:
    """The numbers among the results of a test, by the time of collection, in `unit` or that of the test."""
    trend = Trend(test, unit or test.unit)
    for result in sorted(results, key=lambda one: (one.order.collected_at, one.pk)):
        if result.value is None:
            continue
        value = test.converted(result.value, result.unit, trend.unit)
        if value is None:
            trend.apart.append(result)
        else:
            is_converted = result.unit != trend.unit
            trend.points.append(Point(result.order.collected_at, value, result, is_converted))
    return trend


def trends_for(visible: QuerySet, results: Iterable[LabResult]) -> dict[tuple[int, int], Trend]:
    """The trend of the test of each result, by patient and test, from the visible rows; one query."""
    wanted = {(result.patient_id, result.order.test_id): result for result in results}
    patients, tests = {patient for patient, _test in wanted}, {test for _patient, test in wanted}
    found = visible.latest().given().filter(patient__in=patients, order__test__in=tests)
    by_key: dict[tuple[int, int], list[LabResult]] = {}
    for row in found.select_related("order__test"):
        by_key.setdefault((row.patient_id, row.order.test_id), []).append(row)
    return {
        key: trend_of(result.order.test, by_key.get(key, []), result.unit) for key, result in wanted.items()
    }
