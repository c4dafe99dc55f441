"""What an estimate rests on: how long ahead the visit was booked, the age, and the visits before.

Only what was known when the visit was booked. Never where somebody lives, the religion, caste or income, nor
what stands for them (language, telephone, method of payment): those would carry old unfairness on.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from math import log1p

FEATURES = ("lead", "same_day", "age", "years_over_30", "child", "missed_share", "earlier_visits")
CHILD_BELOW = 13


@dataclass(frozen=True, slots=True)
class Facts:
    lead_days: int  # from the booking to the visit
    age: int
    earlier_visits: int  # whose outcome was known
    earlier_missed: int

    def features(self) -> tuple[float, ...]:
        """The values of `FEATURES`. The share of missed visits is drawn towards 20 % while there are few."""
        return (
            log1p(self.lead_days),
            float(self.lead_days == 0),
            float(self.age),
            float(max(self.age - 30, 0)),
            float(self.age < CHILD_BELOW),
            (self.earlier_missed + 0.6) / (self.earlier_visits + 3),
            float(self.earlier_visits),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A visit that took place or was missed; `known_on` is when that was known, not before its day."""

    patient: Hashable
    booked_on: date
    visit_on: date
    known_on: date
    age: int
    missed: bool
    gender: str = ""


class Histories:
    """The earlier visits of patients as they were known on any day."""

    def __init__(self, outcomes: Iterable[tuple[Hashable, date, bool]]):
        """From (patient, day on which the outcome was known, whether it was missed)."""
        self._known: dict[Hashable, list[tuple[date, bool]]] = defaultdict(list)
        for patient, known_on, missed in outcomes:
            self._known[patient].append((known_on, missed))
        self._missed: dict[Hashable, list[int]] = {}
        for patient, known in self._known.items():
            known.sort()
            counts = [0]
            for _day, missed in known:
                counts.append(counts[-1] + missed)
            self._missed[patient] = counts

    def facts(self, patient: Hashable, *, booked_on: date, visit_on: date, age: int) -> Facts:
        """Counts only what was known before the day of the booking."""
        earlier = bisect_left(self._known.get(patient, ()), (booked_on, False))
        missed = self._missed[patient][earlier] if earlier else 0
        return Facts(max((visit_on - booked_on).days, 0), age, earlier, missed)


def facts_of(outcomes: Iterable[Outcome]) -> list[Facts]:
    """The facts of each visit, with the earlier visits taken from the same outcomes."""
    outcomes = list(outcomes)
    histories = Histories((one.patient, one.known_on, one.missed) for one in outcomes)
    return [
        histories.facts(one.patient, booked_on=one.booked_on, visit_on=one.visit_on, age=one.age)
        for one in outcomes
    ]
