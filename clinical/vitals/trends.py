"""Series of vital signs for the charts: one chart for each unit and subject, with its values as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from clinical.charts import Chart, Series, chart_of
from clinical.vitals import growth
from clinical.vitals.measures import VITALS, Number, body_mass_index
from clinical.vitals.readings import BLOOD_PRESSURE, Reading, readings_of

MOST_POINTS = 30
LEAST_POINTS = 2
CHARTED = (
    *("temperature_c", "pulse", BLOOD_PRESSURE, "respirations", "oxygen_saturation"),
    *("weight_kg", "height_cm", "glucose_mg_dl", "pain"),
)
GROWING = ("weight_kg", "height_cm")
LINES = {BLOOD_PRESSURE: ("systolic", "diastolic")}
SHORT_LABELS = {"systolic": _("Systolic"), "diastolic": _("Diastolic")}
DAYS_PER_MONTH = 365.25 / 12
CURVE_STEP_DAYS = 61
LABELLED = (3, 50, 97)  # the labels of others would overlap


@dataclass(frozen=True)
class Trend:
    title: str
    unit: str
    chart: Chart
    rows: tuple[tuple[datetime, Reading], ...]  # newest first
    is_growth: bool = False

    @property
    def key(self) -> list:
        """The lines that a reader must tell apart; none if there is only one."""
        lines = [line for line in self.chart.lines if line.number]
        return lines if len(lines) > 1 else []


def trends_of(rows: Sequence[Any], *, gender: str, born: date) -> list[Trend]:
    """A trend for each measure taken at least twice; `rows` of one patient, newest first.

    Weight and height of a young child are left to `growth_trends`.
    """
    found = []
    is_growing = not growth.why_not(gender=gender, born=born, day=timezone.localdate())
    for name in CHARTED:
        if is_growing and name in GROWING:
            continue
        column = LINES.get(name, (name,))[0]
        measured = [vitals for vitals in rows if getattr(vitals, column) is not None][:MOST_POINTS]
        if len(measured) < LEAST_POINTS:
            continue
        series = list(_series(name, measured[::-1]))
        table = tuple(
            (vitals.measured_at, _named(readings_of(vitals, born=born), column)) for vitals in measured
        )
        title = _("Blood pressure") if name == BLOOD_PRESSURE else VITALS[name].label
        x_range = tuple(measured[at].measured_at.timestamp() for at in (-1, 0))
        ticks = _moments(measured[-1].measured_at, measured[0].measured_at)
        found.append(Trend(title, VITALS[column].unit, chart_of(series, ticks, x_range), table))
    return found


def _series(name: str, measured: Sequence[Any]) -> Iterable[Series]:
    """The lines of one chart; glucose has one for each way of measuring it."""
    if name == "glucose_mg_dl":
        kinds = {vitals.glucose_kind: vitals.get_glucose_kind_display() for vitals in measured}
        for kind, label in kinds.items():
            yield _line(name, label, [vitals for vitals in measured if vitals.glucose_kind == kind])
    else:
        for column in LINES.get(name, (name,)):
            yield _line(column, SHORT_LABELS.get(column, VITALS[column].label), measured)


def _line(column: str, label: str, measured: Iterable[Any]) -> Series:
    points = [(vitals.measured_at.timestamp(), float(getattr(vitals, column))) for vitals in measured]
    return Series(label, VITALS[column].ucum, points)


def _named(readings: list[Reading], name: str) -> Reading:
    return next(reading for reading in readings if reading.name == name)


def _moments(first: datetime, last: datetime) -> list[tuple[float, str]]:
    """Labels of both ends: the days, or the times if it is one day."""
    moments = [timezone.localtime(each) for each in (first, last)]
    form = "g:i A" if moments[0].date() == moments[1].date() else "j M y"
    return [(each.timestamp(), date_format(each, form)) for each in moments]


# --- growth


def growth_trends(rows: Sequence[Any], *, gender: str, born: date) -> list[Trend]:
    """Weight, length or height, and BMI by age on WHO's percentile curves, for children up to 5 years."""
    young = [
        vitals
        for vitals in rows
        if not growth.why_not(gender=gender, born=born, day=timezone.localdate(vitals.measured_at))
    ][:MOST_POINTS]
    found = []
    for indicator in (growth.WEIGHT, growth.HEIGHT, growth.BODY_MASS_INDEX):
        measured = [(vitals, value) for vitals in young if (value := _value(indicator, vitals)) is not None]
        if measured:
            found.append(_growth_trend(indicator, measured, gender, born))
    return found


def _value(indicator: growth.Indicator, vitals: Any) -> Number | None:
    if indicator == growth.BODY_MASS_INDEX:
        return body_mass_index(vitals.weight_kg, vitals.height_cm)
    return vitals.weight_kg if indicator == growth.WEIGHT else vitals.height_cm


def _growth_trend(indicator: growth.Indicator, measured: list, gender: str, born: date) -> Trend:
    ages = {vitals.pk: (timezone.localdate(vitals.measured_at) - born).days for vitals, _value in measured}
    oldest = max(ages.values())
    months = next(months for months in (6, 12, 24, 60) if oldest <= round(months * DAYS_PER_MONTH))
    last = round(months * DAYS_PER_MONTH)
    days = range(0, last + 1, max(7, CURVE_STEP_DAYS * months // 60))
    curves = [
        Series(
            str(percentile) if percentile in LABELLED else "",
            indicator.unit,
            growth.curve(indicator, gender, percentile, days),
            True,
        )
        for percentile in growth.PERCENTILES
    ]
    points = [(ages[vitals.pk], float(value)) for vitals, value in reversed(measured)]
    ticks = [(round(month * DAYS_PER_MONTH), str(month)) for month in range(0, months + 1, months // 6 or 1)]
    chart = chart_of([*curves, Series(indicator.label, indicator.unit, points)], ticks, (0, last))
    table = tuple(
        (vitals.measured_at, _percentile(indicator, vitals, value, gender, born))
        for vitals, value in measured
    )
    return Trend(indicator.label, indicator.unit, chart, table, is_growth=True)


def _percentile(indicator: growth.Indicator, vitals: Any, value: Number, gender: str, born: date) -> Reading:
    day = timezone.localdate(vitals.measured_at)
    found = growth.growth_of(
        gender=gender, born=born, day=day, weight_kg=vitals.weight_kg, height_cm=vitals.height_cm
    )
    assessed = next(each for each in found if each.indicator == indicator)
    words = _("percentile %(percentile)s, z %(z)s")
    said = {"percentile": assessed.percentile_in_words, "z": assessed.z_in_words}
    return Reading(
        indicator.name,
        indicator.name,
        indicator.label,
        f"{value.normalize():f} {indicator.unit}",
        flag_in_words=words % said,
    )
