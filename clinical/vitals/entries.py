"""Reads what people type: "101.2 F", "150 lb", "5 ft 7 in", "120/80"."""

import re
from dataclasses import dataclass
from decimal import Decimal

from clinical.exceptions import DiastolicTooHigh, NotAMeasurement, TooPrecise
from clinical.vitals.measures import FOOT, INCH, OUNCE, POUND, VITALS, Measure, Number, Unit

PART = re.compile(r"\s*(\d{1,6}(?:[.,]\d{1,6})?)\s*([^\d.,]*)")
PAIRS = ((FOOT, INCH), (POUND, OUNCE))


@dataclass(frozen=True)
class Entry:
    """A value in the unit of its column, and what was typed if that was in another unit."""

    measure: Measure
    value: Number
    typed: str = ""

    @property
    def in_words(self) -> str:
        metric = f"{self.measure.label} {self.measure.in_words(self.value)}"
        return f"{metric} ({self.typed})" if self.typed else metric


def read(measure: Measure, text: str) -> Entry:
    """The value in the unit of the measure, which is assumed where the text names none.

    A value in another unit is rounded to the decimals of the column. Refuses with `NotAMeasurement` a text
    that is not a number with a unit of this measure, with `TooPrecise` more decimals than the column has, and
    with `ImpossibleValue`.
    """
    parts = _parts(measure, text)
    value = sum((number - unit.offset) * unit.factor for number, unit in parts)
    rounded = measure.rounded(value)
    is_metric = parts[0][1].label == measure.unit
    if is_metric and rounded != value:
        raise TooPrecise.of(measure)
    measure.check(rounded)
    typed = "" if is_metric else " ".join(f"{number.normalize():f} {unit.label}" for number, unit in parts)
    return Entry(measure, rounded, typed)


def read_blood_pressure(text: str) -> tuple[Entry, Entry]:
    """Systolic and diastolic pressure of "120/80"; refuses one without the other, and like `read`."""
    systolic, slash, diastolic = text.partition("/")
    if not slash:
        raise NotAMeasurement(example="120/80")
    pair = read(VITALS["systolic"], systolic), read(VITALS["diastolic"], diastolic)
    if pair[1].value >= pair[0].value:
        raise DiastolicTooHigh
    return pair


def _parts(measure: Measure, text: str) -> list[tuple[Decimal, Unit]]:
    """One number with its unit, or two that are read together: feet and inches, pounds and ounces."""
    text = text.strip().rstrip(".").lower()
    found = PART.findall(text) if re.fullmatch(rf"(?:{PART.pattern})+", text) else []
    parts: list[tuple[Decimal, Unit]] = []
    for number, spelling in found:
        follows = next((small for large, small in PAIRS if parts and parts[-1][1] == large), None)
        unit = follows if follows and not spelling.strip() else measure.units().get(spelling.strip())
        if unit is None:
            raise NotAMeasurement.of(measure)
        parts.append((Decimal(number.replace(",", ".")), unit))
    is_pair = tuple(unit for _number, unit in parts) in PAIRS
    if len(parts) == 1 or is_pair:
        return parts
    raise NotAMeasurement.of(measure)
