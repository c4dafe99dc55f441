"""How long somebody waits until the doctor calls: a range, from how long recent consultations took.

All lengths are minutes, and moments are minutes from now. Eight of ten consultations lie between the two ends
of the spread; the spread of a sum of independent lengths grows with the root of their number. Fewer lengths
than `FEWEST` say nothing about a doctor: then a consultation takes between half and one and a half times as
long as planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from statistics import fmean, quantiles

FEWEST = 8


@dataclass(frozen=True)
class Wait:
    least: float
    most: float


@dataclass(frozen=True)
class Spread:
    """The mean of some lengths, and how far the shortest and longest tenth lie below and above it."""

    mean: float
    below: float
    above: float

    @classmethod
    def of(cls, lengths: Sequence[float]) -> "Spread":
        if len(lengths) == 1:
            return cls(lengths[0], 0, 0)
        mean, tenths = fmean(lengths), quantiles(lengths, n=10, method="inclusive")
        return cls(mean, max(0, mean - tenths[0]), max(0, tenths[-1] - mean))


def expected_wait(
    *, lengths: Sequence[float], planned: float, begun: float | None, ahead: Sequence[float], own: float
) -> Wait:
    """When somebody is called.

    `begun`: for how long the present consultation lasts; None: there is none. `ahead`: the moments for which
    those who are called before are booked, in their order; `own`: the moment of one's own booking. Others who
    come early may be called early, or not; nobody is promised a call before the time of the own booking.
    """
    known = lengths if len(lengths) >= FEWEST else (planned / 2, planned, planned * 1.5)
    one = Spread.of(known)
    rest = Spread(0, 0, 0) if begun is None else _rest(known, begun)
    root = sqrt(len(ahead))
    least = rest.mean + len(ahead) * one.mean - hypot(rest.below, one.below * root)
    until = rest.mean
    for due in ahead:
        until = max(until, due) + one.mean
    most = until + hypot(rest.above, one.above * root)
    earliest = max(own, 0.0)
    return Wait(max(least, earliest), max(most, earliest))


def _rest(lengths: Sequence[float], begun: float) -> Spread:
    """How much longer a consultation takes that has taken so long; beyond all others, a little."""
    longer = [length - begun for length in lengths if length > begun]
    return Spread.of(longer or [0, min(lengths)])
