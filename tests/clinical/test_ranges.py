"""Usual values by age, at the boundaries of the ages and of the values."""

from datetime import date
from decimal import Decimal

import pytest

from clinical.models import VitalSigns
from clinical.vitals.ranges import BANDS, HIGH, LOW, flag, usual_range
from clinical.vitals.readings import readings_of
from tests.factories import at

pytestmark = pytest.mark.feature("C02")
BORN = date(2020, 1, 15)


@pytest.mark.parametrize(
    ("name", "value", "day", "expected"),
    [
        ("pulse", 205, date(2020, 2, 14), ""),
        ("pulse", 205, date(2020, 2, 15), HIGH),
        ("pulse", 141, date(2022, 12, 31), HIGH),
        ("pulse", 75, date(2026, 1, 15), ""),
        ("pulse", 74, date(2026, 1, 15), LOW),
        ("respirations", 60, date(2020, 1, 15), ""),
        ("respirations", 61, date(2020, 1, 15), HIGH),
        ("respirations", 21, date(2036, 1, 15), HIGH),
        ("systolic", 139, date(2036, 1, 15), ""),
        ("systolic", 132, date(2036, 1, 14), HIGH),
        ("diastolic", 59, date(2036, 1, 15), LOW),
        ("temperature_c", Decimal("36.4"), date(2020, 2, 14), LOW),
        ("temperature_c", Decimal("36.4"), date(2020, 2, 15), ""),
        ("temperature_c", Decimal("37.9"), date(2026, 1, 15), ""),
        ("temperature_c", Decimal("38.0"), date(2026, 1, 15), HIGH),
        ("oxygen_saturation", 94, date(2026, 1, 15), LOW),
        ("oxygen_saturation", 95, date(2026, 1, 15), ""),
        ("weight_kg", Decimal(300), date(2026, 1, 15), ""),
        ("pain", 10, date(2026, 1, 15), ""),
    ],
)
def test_a_value_is_unusual_outside_the_range_of_the_age(name, value, day, expected):
    assert flag(name, value, born=BORN, day=day) == expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("fasting", 99, ""),
        ("fasting", 100, HIGH),
        ("after_meal", 139, ""),
        ("random", 199, ""),
        ("random", 69, LOW),
    ],
)
def test_glucose_is_judged_by_how_it_was_measured(kind, value, expected):
    assert flag("glucose_mg_dl", value, born=BORN, day=date(2026, 1, 15), glucose_kind=kind) == expected


def test_every_age_has_one_range_and_each_range_has_a_lower_and_an_upper_end():
    assert [band.from_month for band in BANDS] == sorted({band.from_month for band in BANDS})
    for months in range(120 * 12):
        for name in ("pulse", "respirations", "systolic", "diastolic", "temperature_c"):
            low, high = usual_range(name, months)
            assert low < high


def test_readings_say_it_in_words_for_children_and_adults():
    vitals = VitalSigns(
        measured_at=at(9), pulse=150, systolic=150, diastolic=55, oxygen_saturation=90, on_oxygen=True
    )

    def words(born: date) -> list[tuple]:
        return [(reading.text, reading.flag_in_words) for reading in readings_of(vitals, born=born)]

    assert words(date(1980, 1, 1)) == [
        ("150/min", "high"),
        ("150/55\N{NO-BREAK SPACE}mmHg", "high, low"),
        ("90% on oxygen", "low"),
    ]
    assert words(at(9).date().replace(year=at(9).year - 8, day=1))[0] == ("150/min", "high for the age")
