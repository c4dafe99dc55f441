"""What is measured, in which unit, and within which limits.

Values outside the limits are refused by forms, services and the database, so the limits are wide: they are
beyond the extremes that people have survived. Codes: UCUM for units, LOINC for measures. This material
contains content from LOINC (http://loinc.org), copyright Regenstrief Institute, Inc. and the LOINC Committee,
available at no cost under the license at http://loinc.org/license.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from clinical.exceptions import ImpossibleValue

D = Decimal
Number = Decimal | int


@dataclass(frozen=True)
class Unit:
    """A unit in which values may be entered: the stored value is (entered - offset) * factor."""

    label: str
    factor: Decimal | int = 1
    offset: Decimal | int = 0


FAHRENHEIT = Unit("°F", D(5) / D(9), 32)
GRAM, POUND, OUNCE = Unit("g", D("0.001")), Unit("lb", D("0.45359237")), Unit("oz", D("0.028349523125"))
METRE, INCH, FOOT = Unit("m", D(100)), Unit("in", D("2.54")), Unit("ft", D("30.48"))
MMOL_L = Unit("mmol/L", D("18.0156"))  # of glucose, 180.156 g/mol


@dataclass(frozen=True)
class Measure:
    name: str  # of the column
    label: str
    ucum: str
    loinc: str
    low: Decimal
    high: Decimal
    decimals: int = 0
    unit: str = ""  # as people write it
    spellings: tuple[str, ...] = ()  # of the unit, in lower case
    others: dict[str, Unit] = field(default_factory=dict)  # by their spellings
    example: str = ""  # of an entry in another unit

    def units(self) -> dict[str, Unit]:
        metric = Unit(self.unit)
        return dict.fromkeys(("", self.unit.lower(), *self.spellings), metric) | self.others

    def rounded(self, value: Decimal) -> Number:
        """The value with the decimals of the column, halves away from zero."""
        if not self.decimals:
            return int(value.quantize(D(1), ROUND_HALF_UP))
        return value.quantize(D(1).scaleb(-self.decimals), ROUND_HALF_UP)

    def check(self, value: Number) -> None:
        """Refuse with `ImpossibleValue` outside the limits."""
        if not self.low <= value <= self.high:
            raise ImpossibleValue.of(self, value)

    def in_words(self, value: Number) -> str:
        """The value with its unit, without zeros at the end: 38.4 °C, 3.25 kg, 72/min."""
        space = "" if self.unit in ("", "%", "/min") else "\N{NO-BREAK SPACE}"
        return f"{self.number(value)}{space}{self.unit}"

    def number(self, value: Number) -> str:
        places = max(0, -Decimal(value).normalize().as_tuple().exponent)
        return number_format(value, decimal_pos=min(places, self.decimals))


PER_MINUTE = ("/min", "per min", "per minute", "bpm")
MMHG = ("mmhg", "mm hg", "mm[hg]")
INCHES = dict.fromkeys(("in", "inch", "inches", '"', "''"), INCH)
FEET = dict.fromkeys(("ft", "foot", "feet", "'"), FOOT)
MEASURES = (
    Measure(
        "temperature_c", _("Temperature"), "Cel", "8310-5", D(24), D(46), 1, "°C", ("c", "celsius"),
        dict.fromkeys(("f", "°f", "fahrenheit"), FAHRENHEIT), "101.2 F",
    ),
    Measure("pulse", _("Pulse"), "/min", "8867-4", D(0), D(350), 0, "/min", PER_MINUTE),
    Measure("systolic", _("Systolic blood pressure"), "mm[Hg]", "8480-6", D(20), D(350), 0, "mmHg", MMHG),
    Measure("diastolic", _("Diastolic blood pressure"), "mm[Hg]", "8462-4", D(0), D(250), 0, "mmHg", MMHG),
    Measure("respirations", _("Breaths"), "/min", "9279-1", D(0), D(150), 0, "/min", PER_MINUTE),
    Measure("oxygen_saturation", _("Oxygen saturation"), "%", "59408-5", D(10), D(100), 0, "%"),
    Measure(
        "weight_kg", _("Weight"), "kg", "29463-7", D("0.2"), D(700), 2, "kg", ("kgs",),
        dict.fromkeys(("g", "gm", "grams"), GRAM) | dict.fromkeys(("lb", "lbs"), POUND) | {"oz": OUNCE},
        "150 lb",
    ),
    Measure(
        "height_cm", _("Height"), "cm", "8302-2", D(20), D(280), 1, "cm", ("cms",),
        {"m": METRE} | INCHES | FEET, "5 ft 7 in",
    ),
    Measure("pain", _("Pain, 0 to 10"), "{score}", "72514-3", D(0), D(10)),
    Measure(
        "glucose_mg_dl", _("Glucose"), "mg/dL", "2339-0", D(5), D(3000), 0, "mg/dL", ("mg", "mg%"),
        dict.fromkeys(("mmol", "mmol/l"), MMOL_L), "5.5 mmol",
    ),
)  # fmt: skip
VITALS = {measure.name: measure for measure in MEASURES}


def body_mass_index(weight_kg: Decimal | None, height_cm: Decimal | None) -> Decimal | None:
    """Weight in kg by the square of the height in m, not rounded; None unless both are known."""
    if not weight_kg or not height_cm:
        return None
    return weight_kg / (height_cm / 100) ** 2
