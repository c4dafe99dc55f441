"""The values of one test over time, in one unit; values in a unit that cannot be converted stay apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinical.charts import Chart, Series, chart_of
from clinical.models import LabResult, LabTest
from clinical.models.lab_result import shown_number
from clinical.statuses import Flag
from clinical.units import shown_unit


def in_three_digits(value: Decimal) -> str:
    """As a converted value is shown: it is no more exact than what was reported."""
    return shown_number(Decimal(f"{value:.3g}"))


@dataclass(frozen=True)
class Point:
    """One released number; only an exact one in the unit of the trend belongs to the line."""

    at: datetime
    value: Decimal | None  # in the unit of the trend; None: cannot be converted
    result: LabResult
    is_converted: bool = False

    @property
    def is_exact(self) -> bool:
        return self.value is not None and not self.result.comparator

    @property
    def shown(self) -> str:
        if not self.is_converted:
            return f"{self.result.comparator}{self.result.shown_value}"
        return f"{self.result.comparator}{in_three_digits(self.value)}"

    @property
    def text(self) -> str:
        """With the value as it was reported, if that has another unit."""
        if self.value is None:
            return _("%(value)s, not comparable: another unit") % {"value": self.result.shown}
        if not self.is_converted:
            return self.shown
        return _("%(value)s, reported as %(was)s") % {"value": self.shown, "was": self.result.shown}

    @property
    def flag(self) -> str:
        return self.result.flag

    @property
    def flag_in_words(self) -> str:
        return "" if self.flag == Flag.NORMAL else str(self.result.get_flag_display())


@dataclass(frozen=True)
class Trend:
    """One analyte; the template of all charts shows it."""

    test: LabTest
    ucum: str
    all: list[Point] = field(default_factory=list)  # the oldest first

    @property
    def title(self) -> str:
        return self.test.name

    @property
    def unit(self) -> str:
        return shown_unit(self.ucum)

    @property
    def points(self) -> list[Point]:
        return [point for point in self.all if point.value is not None]

    @property
    def rows(self) -> list[tuple[datetime, Point]]:
        return [(point.at, point) for point in reversed(self.all)]

    @property
    def is_shown(self) -> bool:
        """One value alone is no trend."""
        return len(self.all) > 1

    @property
    def chart(self) -> Chart | None:
        exact = [point for point in self.all if point.is_exact]
        if len(exact) < 2:
            return None
        ends = exact[0].at, exact[-1].at
        ticks = [(at.timestamp(), date_format(timezone.localtime(at), "j M y")) for at in ends]
        line = Series(self.title, self.ucum, [(point.at.timestamp(), float(point.value)) for point in exact])
        return chart_of([line], ticks, (ticks[0][0], ticks[1][0]))

    def before(self, result: LabResult) -> Point | None:
        """The last point before a result."""
        earlier = [point for point in self.points if point.at < result.order.collected_at]
        return earlier[-1] if earlier else None


def trend_of(test: LabTest, results: Iterable[LabResult], unit: str = "") -> Trend:
    """The numbers among the results of a test, by the time of collection, in `unit` or that of the test."""
    unit = unit or test.unit
    numbers = [result for result in results if result.value is not None]
    by_time = sorted(numbers, key=lambda one: (one.order.collected_at, one.pk))
    return Trend(test, unit, [point_of(test, result, unit) for result in by_time])


def point_of(test: LabTest, result: LabResult, unit: str) -> Point:
    value = test.converted(result.value, result.unit, unit)
    return Point(result.order.collected_at, value, result, value is not None and result.unit != unit)


def trends_for(
    visible: QuerySet, results: Iterable[LabResult], units: Mapping[int, str]
) -> dict[tuple[int, int], Trend]:
    """The trend of the test of each result, by patient and test, from the visible rows; one query.

    `units` has the unit of each result's trend, by its key.
    """
    wanted = {(result.patient_id, result.order.test_id): result for result in results}
    patients, tests = {patient for patient, _test in wanted}, {test for _patient, test in wanted}
    found = visible.latest().given().filter(patient__in=patients, order__test__in=tests)
    by_key: dict[tuple[int, int], list[LabResult]] = {}
    for row in found.select_related("order__test"):
        by_key.setdefault((row.patient_id, row.order.test_id), []).append(row)
    return {
        key: trend_of(result.order.test, by_key.get(key, []), units[result.pk])
        for key, result in wanted.items()
    }
