"""Whether a weight can be true: doses are computed from it, and a slip of the pen is ten times the dose.

A weight is doubtful if it is far from what is usual at the age, or from the one before it within 30 days. A
second measurement within 10 % confirms it. Up to 5 years the limits are those beyond which WHO takes a
measurement for a mistake (`growth`); above, wide ones that only catch a wrong unit or a wrong patient.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.ages import completed_months
from clinical.vitals import growth
from clinical.vitals.measures import VITALS

COUNTS_FOR = timedelta(days=30)
SAME, JUMP = Decimal("0.10"), Decimal("0.20")
JUMP_IN_Z = 2  # of a child up to 5 years, who may gain a third in the first month
LIMITS = ((18 * 12, (Decimal(25), Decimal(350))), (5 * 12, (Decimal(8), Decimal(200))))  # from a month on


@dataclass(frozen=True)
class Weighed:
    kg: Decimal
    on: date


@dataclass(frozen=True)
class Weighings:
    """What a patient weighed, in the order of time."""

    gender: str
    born: date
    measured: Sequence[Weighed]

    def trusted(self) -> list[Weighed]:
        """The measurements without a doubt, or confirmed by another one."""
        found: list[Weighed] = []
        for number, each in enumerate(self.measured):
            others = (*self.measured[:number], *self.measured[number + 1 :])
            if any(_is_confirmed(each, other) for other in others) or not self._doubt(each, found):
                found.append(each)
        return found

    def last(self, day: date) -> tuple[Decimal | None, str]:
        """The last weight within 30 days before the day, and why it is doubtful; the weight is None then."""
        recent = [each for each in self.measured if timedelta(0) <= day - each.on <= COUNTS_FOR]
        if not recent:
            return None, ""
        trusted = self.trusted()
        if any(each is recent[-1] for each in trusted):
            return recent[-1].kg, ""
        return None, self._doubt(recent[-1], trusted)

    def doubt(self, kg: Decimal, day: date) -> str:
        """Why a weight that somebody states on the day is doubtful; empty if it is not."""
        stated, trusted = Weighed(kg, day), self.trusted()
        if any(_is_confirmed(stated, each) for each in trusted):
            return ""
        return self._doubt(stated, trusted)

    def _doubt(self, weighed: Weighed, earlier: Sequence[Weighed]) -> str:
        if self._is_impossible(weighed):
            return _("far from what is usual at this age")
        near = [each for each in earlier if abs(weighed.on - each.on) <= COUNTS_FOR]
        if near and self._is_jump(weighed, near[-1]):
            values = {
                "before": VITALS["weight_kg"].in_words(near[-1].kg),
                "day": date_format(near[-1].on, "j M Y"),
            }
            return _("far from %(before)s on %(day)s") % values
        return ""

    def _is_impossible(self, weighed: Weighed) -> bool:
        found = self._z(weighed)
        if found:
            return all(abs(z) > growth.WEIGHT.plausible_z for z in found)
        months = completed_months(self.born, weighed.on)
        low, high = next((limits for month, limits in LIMITS if months >= month), (Decimal(0), Decimal(50)))
        return not low <= weighed.kg <= high

    def _is_jump(self, weighed: Weighed, before: Weighed) -> bool:
        now, then = self._z(weighed), self._z(before)
        if now and then:
            return all(abs(one - other) > JUMP_IN_Z for one, other in zip(now, then, strict=True))
        return abs(weighed.kg - before.kg) > before.kg * JUMP

    def _z(self, weighed: Weighed) -> list[float]:
        """The z-score of a child up to 5 years, of both sexes if the sex is not known."""
        genders = [self.gender] if self.gender in growth.SEXES else [*growth.SEXES]
        found = (
            growth.growth_of(
                gender=gender, born=self.born, day=weighed.on, weight_kg=weighed.kg, height_cm=None
            )
            for gender in genders
        )
        return [each.z for of_sex in found for each in of_sex]


def _is_confirmed(weighed: Weighed, other: Weighed) -> bool:
    return (
        abs(weighed.on - other.on) <= COUNTS_FOR
        and abs(weighed.kg - other.kg) <= max(weighed.kg, other.kg) * SAME
    )
