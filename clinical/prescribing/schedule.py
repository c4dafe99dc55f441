"""When a medicine is taken: over the day and over days.

A schedule is a value. `clinical.prescribing.typed` reads it from what doctors type; `str()` writes the form
that is stored, which reads back as the same schedule.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LONGEST_DAYS = 1095
PARTS_OF_DAY = 4  # morning, noon, evening, night
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Phase:
    """One rhythm: doses at parts of the day, every so many hours, as needed, or once.

    `parts` are multiples of the dose. `at_most` limits doses as needed per day. Exactly one rhythm is set.
    """

    parts: tuple[Decimal, ...] | None = None
    every_hours: int | None = None
    is_as_needed: bool = False
    at_most: int | None = None
    is_once: bool = False
    every_days: int = 1
    days: int | None = None

    def __post_init__(self):
        rhythms = [self.parts is not None, self.every_hours is not None, self.is_as_needed, self.is_once]
        if rhythms.count(True) != 1:
            raise ValueError("A phase has exactly one rhythm.")
        if self.parts is not None and (len(self.parts) != PARTS_OF_DAY or sum(self.parts) <= 0):
            raise ValueError("A phase names the doses of four parts of the day.")
        if self.every_days > 1 and self.parts is None:
            raise ValueError("Only doses at parts of the day leave out days.")

    @property
    def most_in_a_day(self) -> Decimal | None:
        """Doses on a day with doses, at most; None if no limit is given."""
        if self.parts is not None:
            return sum(self.parts, NOTHING)
        if self.every_hours is not None:
            return Decimal(ceil(24 / self.every_hours))
        return Decimal(1) if self.is_once else self.at_most and Decimal(self.at_most)

    def doses_in(self, days: int) -> Decimal | None:
        """Doses in so many days; None if they are not limited."""
        if self.is_once:
            return Decimal(1)
        if self.every_hours is not None:
            return Decimal(ceil(days * 24 / self.every_hours))
        most = self.most_in_a_day
        return None if most is None else most * ceil(days / self.every_days)

    def __str__(self):
        rhythm = self._rhythm()
        if self.every_days == 7:
            rhythm += " weekly"
        elif self.every_days > 1:
            rhythm += " alternate days" if self.every_days == 2 else f" every {self.every_days} days"
        return f"{rhythm} for {self.days} days" if self.days else rhythm

    def _rhythm(self) -> str:
        if self.parts is not None:
            morning, noon, evening, night = map(plain, self.parts)
            shown = [morning, noon, night] if evening == "0" else [morning, noon, evening, night]
            return "-".join(shown)
        if self.every_hours is not None:
            return f"every {self.every_hours} hours"
        if self.is_once:
            return "once"
        return "as needed" if self.at_most is None else f"as needed at most {self.at_most} a day"


@dataclass(frozen=True)
class Row:
    """One line of the patient's table. `parts` are amounts at morning, noon, evening and night, or None."""

    first_day: int
    last_day: int | None
    parts: tuple[Decimal, ...] | None
    words: str


@dataclass(frozen=True)
class Schedule:
    """One or several phases, one after the other; only the last one may be open-ended."""

    phases: tuple[Phase, ...]

    def __post_init__(self):
        if not self.phases or any(phase.days is None for phase in self.phases[:-1]):
            raise ValueError("Every phase but the last has a number of days.")

    def __str__(self):
        return ", then ".join(map(str, self.phases))

    @property
    def days(self) -> int | None:
        """How long it lasts, if it says so itself."""
        last = self.phases[-1]
        if last.is_once and last.days is None:
            return sum((phase.days for phase in self.phases[:-1]), 1)
        return None if last.days is None else sum(phase.days for phase in self.phases)

    @property
    def without_days(self) -> "Schedule":
        """The rhythm alone, if there is only one; its duration is then a column of its own."""
        if len(self.phases) > 1:
            return self
        return Schedule((replace(self.phases[0], days=None),))

    @property
    def most_in_a_day(self) -> Decimal | None:
        """Doses on the day with the most; None if some phase has no limit."""
        each = [phase.most_in_a_day for phase in self.phases]
        return None if None in each else max(each)

    def doses(self, days: int | None) -> Decimal | None:
        """Doses in all; `days` is the duration of an open-ended schedule. None if they are not limited."""
        total = NOTHING
        for phase, _first, length in self._spans(days):
            doses = None if length is None else phase.doses_in(length)
            if doses is None:
                return None
            total += doses
        return total

    def quantity(self, dose: Decimal, days: int | None) -> int | None:
        """What to dispense, in the unit of the dose, rounded up; None if it cannot be computed."""
        doses = self.doses(days)
        return None if doses is None else int((doses * dose).to_integral_value(ROUND_CEILING))

    def table(self, dose: Decimal, days: int | None) -> list[Row]:
        rows = []
        for phase, first, length in self._spans(days):
            if length == 0:
                continue
            parts = tuple(part * dose for part in phase.parts) if phase.parts is not None else None
            rows.append(Row(first, None if length is None else first + length - 1, parts, in_words(phase)))
        return rows

    def _spans(self, days: int | None) -> Iterator[tuple[Phase, int, int | None]]:
        """Each phase with its first day and its number of days; None for one that is open-ended."""
        first = 1
        for phase in self.phases:
            length = phase.days
            if length is None:
                length = 1 if phase.is_once else max(days - first + 1, 0) if days else None
            yield phase, first, length
            first += length or 0


def in_words(phase: Phase) -> str:
    """What the table's columns do not say, for the patient."""
    if phase.every_hours is not None:
        return ngettext("Every hour", "Every %(n)s hours", phase.every_hours) % {"n": phase.every_hours}
    if phase.is_once:
        return _("Once")
    if phase.is_as_needed and phase.at_most is None:
        return _("When needed")
    if phase.is_as_needed:
        most = ngettext("at most once a day", "at most %(n)s times a day", phase.at_most)
        return _("When needed, %(most)s") % {"most": most % {"n": phase.at_most}}
    return {1: _("Every day"), 2: _("Every other day"), 7: _("Once a week")}.get(
        phase.every_days, _("Every %(n)s days") % {"n": phase.every_days}
    )


def plain(number: Decimal) -> str:
    """0.5, 1, 10: without trailing zeros or an exponent."""
    return f"{number.normalize():f}"
