"""Groups accesses by person and day, or into bursts within an hour."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import timedelta

from django.utils import timezone

from audit.anomalies.accesses import Access
from audit.anomalies.registry import Finding
from hms.core.days import midnight

HOUR = timedelta(hours=1)


def by_person(accesses: Iterable[Access]) -> dict[int, list[Access]]:
    found: dict[int, list[Access]] = defaultdict(list)
    for access in accesses:
        found[access.actor_id].append(access)
    return found


def of_the_day(accesses: Iterable[Access], patient_of: Callable[[Access], int | None]) -> Iterator[Finding]:
    """One finding per person, or per person and patient where `patient_of` returns one."""
    found: dict[tuple, list[Access]] = defaultdict(list)
    for access in accesses:
        found[access.actor_id, patient_of(access)].append(access)
    for (_actor, patient_id), some in found.items():
        begins_at = midnight(timezone.localdate(some[0].at))
        yield Finding(tuple(some), begins_at, len(some), patient_id)


def within_an_hour(
    accesses: Sequence[Access], limit: int, things_of: Callable[[Access], Iterable[Hashable]]
) -> Iterator[Finding]:
    """Bursts of one person's accesses: more than `limit` different things within an hour.

    A burst is identified by the clock hour in which it began; no two begin in the same.
    """
    burst: list[Access] = []
    for window, things in _windows(accesses, things_of):
        if things <= limit:
            continue
        if burst and window[0].at > burst[-1].at:
            yield _burst(burst, things_of)
            burst = []
        last = (burst[-1].at, burst[-1].event_id) if burst else None
        burst += [access for access in window if last is None or (access.at, access.event_id) > last]
    if burst:
        yield _burst(burst, things_of)


def _windows(accesses, things_of) -> Iterator[tuple[deque[Access], int]]:
    """After each access: the accesses of the last hour, and how many different things they concern."""
    window: deque[Access] = deque()
    counts: Counter = Counter()
    for access in accesses:
        window.append(access)
        counts.update(set(things_of(access)))
        while access.at - window[0].at > HOUR:
            counts -= Counter(set(things_of(window.popleft())))
        yield window, len(counts)


def _burst(accesses: list[Access], things_of) -> Finding:
    begins_at = accesses[0].at.replace(minute=0, second=0, microsecond=0)
    return Finding(
        tuple(accesses), begins_at, len({thing for access in accesses for thing in things_of(access)})
    )
