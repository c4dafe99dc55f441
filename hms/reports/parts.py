"""Sums of which reports are made: a month that is over is computed once, other days are read as they are.

    @part("tax", merged=(add, add))
    def tax(scope: Scope) -> Iterator[Figure]:

A part gives figures for any days: each is its branch, its doctor, further keys, and numbers that can be
merged. What is narrowed to some doctors is always read if the part does not tell them apart.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import add

from hms.reports.models import ChangedDay, KeptMonth
from hms.reports.periods import Step
from hms.reports.scope import Scope

Key = tuple
Figure = tuple[Key, list]
Merge = Callable


def union(found: set, more: Iterable) -> set:
    """Different patients: sets grow in place."""
    found.update(more)
    return found


@dataclass(frozen=True)
class Part:
    name: str
    read: Callable[[Scope], Iterable[Figure]]
    merged: tuple[Merge, ...]
    by_doctor: bool = True
    reaches_days: int = 0  # so far around a month changes matter to its figures

    def figures(self, scope: Scope) -> dict[Key, list]:
        return self.merge(self._pieces(scope))

    def merge(self, pieces: Iterable[Iterable[Figure]]) -> dict[Key, list]:
        found: dict[Key, list] = {}
        for rows in pieces:
            for key, values in rows:
                had = found.get(key)
                if had is None:
                    found[key] = [
                        set(value) if how is union else value
                        for how, value in zip(self.merged, values, strict=True)
                    ]
                else:
                    for place, how in enumerate(self.merged):
                        had[place] = how(had[place], values[place])
        return found

    def _pieces(self, scope: Scope) -> Iterator[Iterable[Figure]]:
        """The months that are kept, and the stretches of days between them."""
        kept = self._kept(scope) if self.by_doctor or scope.doctors is None else {}
        following = scope.first
        for month in sorted(kept):
            if following < month:
                yield self.read(replace(scope, first=following, last=month - timedelta(days=1)))
            yield within(scope, kept[month])
            following = Step.MONTH.after(month)
        if following <= scope.last:
            yield self.read(replace(scope, first=following))

    def _kept(self, scope: Scope) -> dict[date, list]:
        """Changes are looked up first: what is kept may only become newer meanwhile."""
        months = whole_months(scope.first, scope.last)
        if not months:
            return {}
        changed = changed_months(self.reaches_days)
        rows = KeptMonth.objects.filter(
            part=self.name, first__gte=months[0], first__lte=months[-1], content__isnull=False
        )
        found = dict(rows.exclude(first__in=changed).values_list("first", "content"))
        return {month: found[month] for month in months if month in found}


PARTS: dict[str, Part] = {}


def part(name: str, **declared) -> Callable[[Callable], Part]:
    def make(read: Callable[[Scope], Iterable[Figure]]) -> Part:
        PARTS[name] = Part(name, read, **declared)
        return PARTS[name]

    return make


def within(scope: Scope, content: list) -> Iterator[Figure]:
    for key, values in content:
        branch, doctor = key[:2]
        if scope.branches is not None and branch not in scope.branches:
            continue
        if scope.doctors is None or doctor in scope.doctors:
            yield tuple(key), values


def whole_months(first: date, last: date) -> list[date]:
    return [
        month
        for month in Step.MONTH.periods(first, last)
        if month >= first and Step.MONTH.after(month) - timedelta(days=1) <= last
    ]


def changed_months(reaches_days: int) -> set[date]:
    """A day in UTC lies in two of the hospital's days."""
    days = ChangedDay.objects.order_by().values_list("day", flat=True).distinct()
    return {month for day in days for month in months_around(day, reaches_days)}


def months_around(day: date, reaches_days: int) -> set[date]:
    far = timedelta(days=reaches_days + 1)
    return set(Step.MONTH.periods(day - far, day + far))


__all__ = ["PARTS", "Part", "add", "part", "union"]
