"""How looks are put together: by person and day, or into bursts within an hour."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import timedelta

from django.utils import timezone

from audit.anomalies.looks import Look, midnight
from audit.anomalies.registry import Finding

HOUR = timedelta(hours=1)


def by_person(looks: Iterable[Look]) -> dict[int, list[Look]]:
    found: dict[int, list[Look]] = defaultdict(list)
    for look in looks:
        found[look.actor_id].append(look)
    return found


def of_the_day(looks: Iterable[Look], patient_of: Callable[[Look], int | None]) -> Iterator[Finding]:
    """One finding for each person, and each patient where `patient_of` tells one."""
    found: dict[tuple, list[Look]] = defaultdict(list)
    for look in looks:
        found[look.actor_id, patient_of(look)].append(look)
    for (_actor, patient_id), some in found.items():
        begins_at = midnight(timezone.localdate(some[0].at))
        yield Finding(tuple(some), begins_at, len(some), patient_id)


def within_an_hour(
    looks: Sequence[Look], limit: int, things_of: Callable[[Look], Iterable[Hashable]]
) -> Iterator[Finding]:
    """Bursts of one person's looks: in some hour of each there were more than `limit` different things.

    A burst is known by the hour of the clock in which it began; two never begin in the same.
    """
    burst: list[Look] = []
    for window, things in _windows(looks, things_of):
        if things <= limit:
            continue
        if burst and window[0].at > burst[-1].at:
            yield _burst(burst, things_of)
            burst = []
        last = (burst[-1].at, burst[-1].event_id) if burst else None
        burst += [look for look in window if last is None or (look.at, look.event_id) > last]
    if burst:
        yield _burst(burst, things_of)


def _windows(looks, things_of) -> Iterator[tuple[deque[Look], int]]:
    """After each look those of the last hour, and how many different things they are about."""
    window: deque[Look] = deque()
    counts: Counter = Counter()
    for look in looks:
        window.append(look)
        counts.update(set(things_of(look)))
        while look.at - window[0].at > HOUR:
            counts -= Counter(set(things_of(window.popleft())))
        yield window, len(counts)


def _burst(looks: list[Look], things_of) -> Finding:
    begins_at = looks[0].at.replace(minute=0, second=0, microsecond=0)
    return Finding(tuple(looks), begins_at, len({thing for look in looks for thing in things_of(look)}))
