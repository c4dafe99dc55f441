"""How good estimates were: told apart (AUC), true on average and in groups (calibration), close (Brier)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from scheduling.no_show.facts import CHILD_BELOW, Facts, Outcome, facts_of
from scheduling.no_show.logistic import fit, logit, maximise, probability

TRAINED_SHARE = 0.7
SMALLEST_GROUP = 50
PARTS = 10
FEWEST_IN_PART = 20


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    visits: int
    predicted: float
    observed: float

    @property
    def gap(self) -> float:
        return abs(self.predicted - self.observed)


@dataclass(frozen=True)
class Report:
    """Estimates compared with what happened; shares between 0 and 1."""

    visits: int
    missed: float
    auc: float | None  # None: all came, or none
    brier: float
    intercept: float | None  # 0: true on average; above 0: too low
    slope: float | None  # 1: as far apart as they should be; below 1: too far
    deciles: list[Group]
    groups: list[Group]

    @property
    def worst(self) -> Group | None:
        return max(self.groups, key=lambda group: group.gap, default=None)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Report":
        groups = {name: [Group(**group) for group in data[name]] for name in ("deciles", "groups")}
        return cls(**{**data, **groups})


def compare(predicted: Sequence[float], missed: Sequence[bool], groups: Sequence[Iterable[str]]) -> Report:
    """The report on estimates; `groups` has the names of the groups of each visit."""
    has_both = len(set(missed)) == 2
    intercept, slope = _calibration(predicted, missed) if has_both else (None, None)
    return Report(
        visits=len(missed),
        missed=sum(missed) / len(missed),
        auc=auc(predicted, missed) if has_both else None,
        brier=sum((p - y) ** 2 for p, y in zip(predicted, missed, strict=True)) / len(missed),
        intercept=intercept,
        slope=slope,
        deciles=deciles(predicted, missed),
        groups=_groups(predicted, missed, groups),
    )


def compare_model(coefficients: Mapping[str, float], outcomes: Sequence[Outcome], facts=None) -> Report:
    facts = facts or facts_of(outcomes)
    predicted = [probability(coefficients, one) for one in facts]
    names = [groups_of(*pair) for pair in zip(outcomes, facts, strict=True)]
    return compare(predicted, [one.missed for one in outcomes], names)


def fit_and_try(outcomes: Sequence[Outcome]) -> tuple[dict[str, float], Report | None]:
    """The coefficients from all outcomes, and how well those from the first 70 % foretold the rest.

    Divided by day, because a model is used on days after those that it was fitted to; None where one part
    is empty.
    """
    outcomes = sorted(outcomes, key=lambda one: one.visit_on)
    facts = facts_of(outcomes)
    missed = [one.missed for one in outcomes]
    divide = outcomes[int(len(outcomes) * TRAINED_SHARE)].visit_on
    first = sum(one.visit_on < divide for one in outcomes)
    report = None
    if first:
        earlier = fit(facts[:first], missed[:first])
        report = compare_model(earlier, outcomes[first:], facts[first:])
    return fit(facts, missed), report


def auc(predicted: Sequence[float], missed: Sequence[bool]) -> float:
    """The probability that a missed visit was given a higher estimate than one that was kept; ties half."""
    ordered = sorted(zip(predicted, missed, strict=True))
    below = wins = start = 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        of_missed = sum(outcome for _p, outcome in ordered[start:end])
        kept = end - start - of_missed
        wins += of_missed * (below + kept / 2)
        below, start = below + kept, end
    return wins / (below * (len(ordered) - below))


def deciles(predicted: Sequence[float], missed: Sequence[bool]) -> list[Group]:
    """Visits in order of their estimate, in ten parts, or fewer if there are few visits."""
    ordered = sorted(zip(predicted, missed, strict=True))
    parts = max(1, min(PARTS, len(ordered) // FEWEST_IN_PART))
    ends = [round(len(ordered) * n / parts) for n in range(parts + 1)]
    cut = [ordered[start:end] for start, end in pairwise(ends)]
    return [_group(str(number), part) for number, part in enumerate(cut, start=1)]


def groups_of(outcome: Outcome, facts: Facts) -> list[str]:
    ages = {CHILD_BELOW: "age 0-12", 30: "age 13-29", 60: "age 30-59"}
    age = next((name for below, name in ages.items() if facts.age < below), "age 60 and over")
    when = "booked ahead" if facts.lead_days else "booked on the day"
    history = "with earlier visits" if facts.earlier_visits else "first known visit"
    return [age, when, history, *([outcome.gender] if outcome.gender else [])]


def _groups(predicted, missed, groups) -> list[Group]:
    members: dict[str, list[tuple[float, bool]]] = {}
    for p, outcome, names in zip(predicted, missed, groups, strict=True):
        for name in names:
            members.setdefault(name, []).append((p, outcome))
    return [_group(name, of) for name, of in sorted(members.items()) if len(of) >= SMALLEST_GROUP]


def _group(name: str, members: Sequence[tuple[float, bool]]) -> Group:
    count = len(members)
    return Group(name, count, sum(p for p, _y in members) / count, sum(y for _p, y in members) / count)


def _calibration(predicted: Sequence[float], missed: Sequence[bool]) -> tuple[float, float]:
    logits = [logit(p) for p in predicted]
    [intercept] = maximise([(1.0,)] * len(missed), missed, penalties=[0.0], offsets=logits)
    _constant, slope = maximise([(1.0, x) for x in logits], missed, penalties=[0.0, 1e-9])
    return intercept, slope
