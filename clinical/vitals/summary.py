"""All that one set of vital signs says: readings, BMI, NEWS2, growth."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format

from accounts.ages import completed_months
from clinical.vitals import growth
from clinical.vitals.growth import Growth, growth_of
from clinical.vitals.measures import body_mass_index
from clinical.vitals.news2 import WARNS_FOR, News2, news2_of
from clinical.vitals.readings import Reading, readings_of

CHILD_MONTHS = 18 * 12


@dataclass(frozen=True)
class Summary:
    """`patient` has a date of birth and a gender."""

    vitals: Any
    patient: Any

    @cached_property
    def readings(self) -> list[Reading]:
        return readings_of(self.vitals, born=self.patient.date_of_birth)

    @property
    def bmi_in_words(self) -> str:
        value = body_mass_index(self.vitals.weight_kg, self.vitals.height_cm)
        return "" if value is None else f"{number_format(value, decimal_pos=1)} kg/m²"

    @cached_property
    def news2(self) -> News2 | None:
        """None if no parameter of the score was measured: a height says nothing about it."""
        found = news2_of(self.vitals, **self._age)
        return found if found and found.scores else None

    @cached_property
    def growth(self) -> list[Growth]:
        measured = {"weight_kg": self.vitals.weight_kg, "height_cm": self.vitals.height_cm}
        return growth_of(gender=self.patient.gender, **self._age, **measured)

    @property
    def why_no_growth(self) -> str:
        """Why a child whose weight or height was measured has no percentiles; empty for adults."""
        if completed_months(**self._age) >= CHILD_MONTHS:
            return ""
        is_measured = self.vitals.weight_kg or self.vitals.height_cm
        return growth.why_not(gender=self.patient.gender, **self._age) if is_measured else ""

    @property
    def _age(self) -> dict:
        day = timezone.localdate(self.vitals.measured_at)
        return {"born": self.patient.date_of_birth, "day": day}


def last_news2(rows: Iterable[Any], patient: Any, now: datetime) -> Summary | None:
    """The last complete score of the last hours; `rows` of the patient, newest first.

    An incomplete one counts if there is no other, or if what was measured later is alarming by itself.
    """
    recent = (Summary(row, patient) for row in rows if now - row.measured_at <= WARNS_FOR)
    scored = [each for each in recent if each.news2]
    first = next((each for each in scored if not each.news2.missing or each.news2.is_alarming), None)
    return first or next(iter(scored), None)
