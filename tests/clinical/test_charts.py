"""Charts have one unit, round ticks, and points inside the frame."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from clinical.charts import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Series,
    UnitsDiffer,
    chart_of,
    round_steps,
)
from clinical.models import VitalSigns
from clinical.vitals.trends import MOST_POINTS, growth_trends, trends_of
from tests.factories import at

pytestmark = pytest.mark.feature("C02")
BORN = date(1980, 1, 1)
values = st.floats(0, 3000).map(lambda value: round(value, 1))


def rows(count: int, **measures) -> list[VitalSigns]:
    """Newest first, as pages read them."""
    return [
        VitalSigns(pk=number, measured_at=at(9, days=-number), **measures, pulse=60 + number)
        for number in range(1, count + 1)
    ]


@given(st.lists(values, min_size=1, max_size=40))
def test_every_point_lies_inside_the_frame(numbers):
    chart = chart_of([Series("Pulse", "/min", list(enumerate(numbers)))], [], (0, len(numbers) - 1))

    (line,) = chart.lines
    assert len(line.dots) == len(numbers)
    assert all(LEFT <= x <= WIDTH - RIGHT and TOP <= y <= HEIGHT - BOTTOM for x, y in line.dots)


@given(values, values)
def test_ticks_are_few_equal_and_enclose_the_values(one, other):
    low, high = sorted((one, other))

    ticks = round_steps(low, high)

    assert 2 <= len(ticks) <= 6
    assert ticks[0] <= low
    assert ticks[-1] >= high
    assert len({round(after - before, 4) for before, after in pairwise(ticks)}) == 1


def test_values_in_different_units_never_share_a_chart():
    with pytest.raises(UnitsDiffer):
        chart_of([Series("A", "kg", [(0, 1)]), Series("B", "cm", [(0, 1)])], [], (0, 1))


def test_there_is_a_trend_from_two_values_and_a_line_for_each_kind_of_glucose():
    glucose = [
        {"glucose_mg_dl": 90, "glucose_kind": "fasting"},
        {"glucose_mg_dl": 150, "glucose_kind": "after_meal"},
    ]
    measured = [
        VitalSigns(pk=number, measured_at=at(9, days=-number), **glucose[number % 2]) for number in range(4)
    ]
    measured[0].pulse = 80

    (trend,) = trends_of(measured, gender="female", born=BORN)

    assert trend.title == "Glucose"
    assert [(line.label, len(line.dots)) for line in trend.chart.lines] == [
        ("After a meal", 2),
        ("Fasting", 2),
    ]
    assert [reading.text for _when, reading in trend.rows] == [
        f"{number}\N{NO-BREAK SPACE}mg/dL" for number in (90, 150, 90, 150)
    ]


def test_the_latest_thirty_values_are_drawn_and_listed_newest_first():
    (trend,) = trends_of(rows(40), gender="female", born=BORN)

    assert len(trend.rows) == len(trend.chart.lines[0].dots) == MOST_POINTS
    assert trend.rows[0][1].text == "61/min"
    assert trend.chart.lines[0].dots[0][0] == LEFT
    assert trend.chart.lines[0].dots[-1][0] == WIDTH - RIGHT


@pytest.mark.feature("C17")
def test_growth_is_drawn_on_percentiles_up_to_five_years_only():
    measured = rows(30, weight_kg=Decimal(9), height_cm=Decimal(75))
    young, old = at(9).date().replace(year=at(9).year - 1, day=1), date(2015, 1, 1)

    trends = growth_trends(measured, gender="female", born=young)

    assert [(trend.title, len(trend.chart.lines)) for trend in trends] == [
        ("Weight for age", 6),
        ("Length or height for age", 6),
        ("BMI for age", 6),
    ]
    assert [line.label for line in trends[0].chart.lines[:5]] == ["3", "", "50", "", "97"]
    assert [trend.title for trend in trends_of(measured, gender="female", born=young)] == ["Pulse"]
    assert growth_trends(measured, gender="female", born=old) == []
    assert growth_trends(measured, gender="unknown", born=young) == []


def test_a_drawing_has_no_script_no_style_and_less_than_10_kilobytes():
    measured = rows(30, weight_kg=Decimal(9), height_cm=Decimal(75), systolic=120, diastolic=80)
    born = at(9).date().replace(year=at(9).year - 1, day=1)

    for trend in [
        *trends_of(measured, gender="male", born=born),
        *growth_trends(measured, gender="male", born=born),
    ]:
        page = render_to_string("clinical/_chart.html", {"trend": trend, "at": 1, "kind": ""})
        drawing = page[page.index("<svg") : page.index("</svg>")]
        assert drawing.count("<circle") == sum(len(line.dots) for line in trend.chart.lines) >= 30
        assert drawing.count("<polyline") == len(trend.chart.lines)
        assert "style" not in drawing
        assert "script" not in drawing
        assert len(drawing.encode()) < 10_000
