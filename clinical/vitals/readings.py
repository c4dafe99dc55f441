"""Vital signs in words: each value with its unit, whether it is unusual for the age, and how it changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.ages import completed_months
from clinical.vitals.measures import VITALS, Measure, Number
from clinical.vitals.ranges import (
    ADULT_MONTHS,
    CHILD_FLAG_WORDS,
    FLAG_WORDS,
    PLAIN_WORDS,
    flag,
    usual_range,
)

BLOOD_PRESSURE = "blood_pressure"


@dataclass(frozen=True)
class Reading:
    """One value of a set of vital signs; systolic and diastolic pressure are one reading."""

    key: str  # readings with the same key can be compared
    name: str
    label: str
    text: str
    flag: str = ""
    flag_in_words: str = ""
    plain_words: str = ""
    number: Number | None = None  # None if the reading has more than one
    measure: Measure | None = None

    def __str__(self):
        flag = f" ({self.flag_in_words})" if self.flag else ""
        return f"{self.label} {self.text}{flag}"


@dataclass(frozen=True)
class Latest:
    """The last reading of a measure, and the one before it."""

    reading: Reading
    at: datetime
    before: Reading | None = None
    before_at: datetime | None = None

    @property
    def change_in_words(self) -> str:
        """For example "up 2 kg since 3 Mar 2026"; empty if there is no earlier reading."""
        if self.before is None:
            return ""
        said = {"before": self.before.text, "then": self._then}
        if self.before.text == self.reading.text:
            return gettext("unchanged since %(then)s") % said
        if self.reading.number is None:
            return gettext("%(before)s on %(then)s") % said
        change = self.reading.number - self.before.number
        said["size"] = self.reading.measure.in_words(abs(change))
        words = (
            gettext("up %(size)s since %(then)s") if change > 0 else gettext("down %(size)s since %(then)s")
        )
        return words % said

    @property
    def _then(self) -> str:
        """The day of the earlier reading, with the time if both are of one day."""
        then = timezone.localtime(self.before_at)
        is_same_day = then.date() == timezone.localdate(self.at)
        return date_format(then, "j M Y, g:i A" if is_same_day else "j M Y")


def readings_of(vitals: Any, *, born: date) -> list[Reading]:
    """What was measured, in the order of the table of measures."""
    day = timezone.localdate(vitals.measured_at)
    readings = [
        _pressure(vitals, born, day) if name == "systolic" else _reading(vitals, name, value, born, day)
        for name, value in vitals.measured().items()
        if name != "diastolic"
    ]
    if vitals.consciousness:
        text = vitals.get_consciousness_display()
        readings.append(Reading("consciousness", "consciousness", _("Consciousness"), text))
    return readings


def latest_vitals(rows: Iterable[Any], *, born: date) -> list[Latest]:
    """The last reading of each measure with the one before it; `rows` of one patient, newest first.

    Glucose is compared with glucose measured in the same way.
    """
    found: dict[str, Latest] = {}
    for vitals in rows:
        for reading in readings_of(vitals, born=born):
            last = found.get(reading.key)
            if last is None:
                found[reading.key] = Latest(reading, vitals.measured_at)
            elif last.before is None:
                found[reading.key] = Latest(last.reading, last.at, reading, vitals.measured_at)
    order = [*VITALS, "consciousness"]
    return sorted(found.values(), key=lambda last: order.index(last.reading.name))


def _reading(vitals: Any, name: str, value: Number, born: date, day: date) -> Reading:
    measure, kind = VITALS[name], vitals.glucose_kind if name == "glucose_mg_dl" else ""
    text, label = measure.in_words(value), measure.label
    if kind:
        label = f"{label}, {vitals.get_glucose_kind_display().lower()}"
    if name == "oxygen_saturation" and vitals.on_oxygen is not None:
        text += " " + (gettext("on oxygen") if vitals.on_oxygen else gettext("on air"))
    found = flag(name, value, born=born, day=day, glucose_kind=kind)
    has_range = usual_range(name, completed_months(born, day), kind) is not None
    return Reading(
        key=name + kind,
        name=name,
        label=label,
        text=text,
        flag=found,
        flag_in_words=_flag_words(born, day).get(found, ""),
        plain_words=PLAIN_WORDS[found] if has_range else "",
        number=value,
        measure=measure,
    )


def _pressure(vitals: Any, born: date, day: date) -> Reading:
    pair = (("systolic", vitals.systolic), ("diastolic", vitals.diastolic))
    flags = [flag(name, value, born=born, day=day) for name, value in pair]
    unusual = list(dict.fromkeys(filter(None, flags)))
    words = _flag_words(born, day)
    return Reading(
        key=BLOOD_PRESSURE,
        name="systolic",
        label=_("Blood pressure"),
        text=f"{vitals.systolic}/{VITALS['diastolic'].in_words(vitals.diastolic)}",
        flag=unusual[0] if unusual else "",
        flag_in_words=", ".join(str(words[each]) for each in unusual),
        plain_words=", ".join(str(PLAIN_WORDS[each]) for each in unusual or [""]),
    )


def _flag_words(born: date, day: date) -> dict[str, str]:
    return CHILD_FLAG_WORDS if completed_months(born, day) < ADULT_MONTHS else FLAG_WORDS
