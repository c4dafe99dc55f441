"""Which values are usual at an age, at rest.

Children: pulse (awake), breaths, and blood pressure as in the tables of normal vital signs of Pediatric
Advanced Life Support (American Heart Association, 2020). Adults: pulse 60 to 100 and breaths 12 to 20 per
minute, blood pressure below 140/90 mmHg (Indian guidelines on hypertension IV, 2019), low below 90/60.
Temperature: fever from 38.0 °C; low below 36.0 °C, in newborns below 36.5 °C (WHO, thermal protection of the
newborn). Oxygen saturation: low below 95%, in room air. Glucose: fasting 70 to 99, two hours after a meal
below 140, at any time below 200 mg/dL (American Diabetes Association), in newborns low below 45.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.ages import completed_months
from clinical.statuses import GlucoseKind
from clinical.vitals.measures import Number

LOW, HIGH = "low", "high"
FLAG_WORDS = {LOW: _("low"), HIGH: _("high")}
CHILD_FLAG_WORDS = {LOW: _("low for the age"), HIGH: _("high for the age")}
PLAIN_WORDS = {
    LOW: _("below the usual range"),
    HIGH: _("above the usual range"),
    "": _("in the usual range"),
}
NEWBORN_MONTHS = 1
ADULT_MONTHS = 16 * 12

Range = tuple[Decimal | int, Decimal | int]


@dataclass(frozen=True)
class Band:
    """Usual values, both ends included, from an age in completed months to that of the next band."""

    from_month: int
    pulse: Range
    respirations: Range
    systolic: Range
    diastolic: Range


BANDS = (
    Band(0, (100, 205), (30, 60), (60, 84), (35, 53)),
    Band(1, (100, 180), (30, 53), (72, 104), (37, 56)),
    Band(12, (98, 140), (22, 37), (86, 106), (42, 63)),
    Band(3 * 12, (80, 120), (20, 28), (89, 112), (46, 72)),
    Band(6 * 12, (75, 118), (18, 25), (97, 115), (57, 76)),
    Band(10 * 12, (75, 118), (18, 25), (102, 120), (61, 80)),
    Band(12 * 12, (60, 100), (12, 20), (110, 131), (64, 83)),
    Band(ADULT_MONTHS, (60, 100), (12, 20), (90, 139), (60, 89)),
)
NEWBORN_TEMPERATURE, TEMPERATURE = (
    (Decimal("36.5"), Decimal("37.9")),
    (Decimal("36.0"), Decimal("37.9")),
)
OXYGEN_SATURATION = (95, 100)
GLUCOSE = {
    GlucoseKind.FASTING: (70, 99),
    GlucoseKind.AFTER_MEAL: (70, 139),
    GlucoseKind.RANDOM: (70, 199),
}
NEWBORN_GLUCOSE = (45, 199)


def usual_range(name: str, months: int, glucose_kind: str = "") -> Range | None:
    """The usual values of a measure at an age in completed months; None where there are none."""
    is_newborn = months < NEWBORN_MONTHS
    band = next(band for band in reversed(BANDS) if months >= band.from_month)
    if name == "temperature_c":
        return NEWBORN_TEMPERATURE if is_newborn else TEMPERATURE
    if name == "oxygen_saturation":
        return OXYGEN_SATURATION
    if name == "glucose_mg_dl":
        return NEWBORN_GLUCOSE if is_newborn else GLUCOSE.get(glucose_kind)
    return getattr(band, name, None)


def flag(name: str, value: Number, *, born: date, day: date, glucose_kind: str = "") -> str:
    """`LOW` or `HIGH` if the value is unusual at the age on the day; otherwise empty."""
    usual = usual_range(name, max(0, completed_months(born, day)), glucose_kind)
    if usual is None or usual[0] <= value <= usual[1]:
        return ""
    return LOW if value < usual[0] else HIGH
