"""The functions that callers ask availability with; all use `slots_on` or `first_offered_on`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from scheduling.availability.facts import LONGEST_VISIT, Bookable, gather
from scheduling.availability.grid import Slot, Window, first_offered_on, slots_on
from scheduling.availability.reasons import Reason
from scheduling.availability.terms import BookingTerms
from scheduling.cells import CELL
from scheduling.statuses import VisitKind

# The search for the next free time widens step by step; the first window nearly always has one.
SEARCH_WINDOWS_DAYS = (2, 10, 400)


@dataclass(frozen=True)
class Explained:
    """One time of a doctor's day and why it is not offered (reason None: it is offered)."""

    starts_at: datetime
    ends_at: datetime
    reason: Reason | None
    free: int
    branch: str
    mode: str

    @property
    def label(self) -> str:
        return str(self.reason.label) if self.reason else ""


def offered_slots(
    doctors: Iterable[Bookable],
    first_day: date,
    last_day: date,
    *,
    now: datetime | None = None,
    terms: BookingTerms | None = None,
) -> dict[int, list[Slot]]:
    """Free times per doctor from `first` to `last` local day, both included; three queries.

    Load each `Doctor` with its department (`select_related("department")`) to avoid one query more each.
    """
    return {
        pk: [slot for slot in slots if slot.reason is None]
        for pk, slots in _all_slots(doctors, first_day, last_day, now, terms).items()
    }


def days_with_free(
    doctor: Bookable, first_day: date, days: int, *, now=None, terms=None
) -> list[tuple[date, int]]:
    """The number of free times on each day, 0 included."""
    last_day = first_day + timedelta(days=days - 1)
    counts = {first_day + timedelta(days=n): 0 for n in range(days)}
    for slot in offered_slots([doctor], first_day, last_day, now=now, terms=terms)[doctor.pk]:
        counts[slot.starts_at.date()] += 1
    return list(counts.items())


def next_free(
    doctors: Iterable[Bookable],
    *,
    first_day: date | None = None,
    now=None,
    terms: BookingTerms | None = None,
) -> dict[int, Slot | None]:
    """The first free time of each doctor within the horizon; at most nine queries."""
    now, terms = now or timezone.now(), terms or BookingTerms.for_patients()
    today = timezone.localdate(now)
    last_day = today + timedelta(days=terms.horizon_days)
    start = first_day or today
    wanted = list(doctors)
    found: dict[int, Slot | None] = {doctor.pk: None for doctor in wanted}
    for days in SEARCH_WINDOWS_DAYS:
        end = min(start + timedelta(days=days - 1), last_day)
        if not wanted or start > end:
            break
        found |= _first_offered(wanted, start, end, now, terms)
        wanted = [doctor for doctor in wanted if found[doctor.pk] is None]
        start = end + timedelta(days=1)
    return found


def explain(doctor: Bookable, day: date, *, now=None, terms: BookingTerms | None = None) -> list[Explained]:
    """Every time of the doctor's day with the reason it is not offered; empty if there is no session."""
    return [
        Explained(slot.starts_at, slot.ends_at, slot.reason, slot.free, slot.branch[0], slot.mode)
        for slot in slots_of_day(doctor, day, now=now, terms=terms)
    ]


def slots_of_day(doctor: Bookable, day: date, *, now=None, terms: BookingTerms | None = None) -> list[Slot]:
    """Every time of the doctor's day, offered or not."""
    return _all_slots([doctor], day, day, now, terms)[doctor.pk]


def find_slot(
    doctor: Bookable, starts_at: datetime, *, now=None, terms: BookingTerms | None = None
) -> Slot | None:
    """The doctor's slot that begins exactly then, offered or not; None if there is none."""
    now, terms = now or timezone.now(), terms or BookingTerms.for_patients()
    day = timezone.localdate(starts_at)
    reach = (starts_at, starts_at + LONGEST_VISIT + CELL)
    facts = gather([doctor], day, day, now, claims=reach, but_of=terms.moved)
    slots = slots_on(day, facts[doctor.pk], window_of(doctor, now, terms), only=starts_at.timestamp())
    return slots[0] if slots else None


def _all_slots(doctors, first_day: date, last_day: date, now, terms) -> dict[int, list[Slot]]:
    doctors = list(doctors)
    now, terms = now or timezone.now(), terms or BookingTerms.for_patients()
    last_day = max(first_day, last_day)
    days = _days_between(first_day, last_day)
    facts = gather(doctors, first_day, last_day, now, but_of=terms.moved)
    return {
        doctor.pk: [
            slot
            for window in [window_of(doctor, now, terms)]
            for day in days
            for slot in slots_on(day, facts[doctor.pk], window)
        ]
        for doctor in doctors
    }


def _first_offered(doctors, first_day: date, last_day: date, now, terms) -> dict[int, Slot | None]:
    facts = gather(doctors, first_day, last_day, now, but_of=terms.moved)
    days = _days_between(first_day, last_day)
    first: dict[int, Slot | None] = {}
    for doctor in doctors:
        window = window_of(doctor, now, terms)
        of_each_day = (first_offered_on(day, facts[doctor.pk], window) for day in days)
        first[doctor.pk] = next((slot for slot in of_each_day if slot is not None), None)
    return first


def _days_between(first_day: date, last_day: date) -> list[date]:
    return [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]


def window_of(doctor: Bookable, now: datetime, terms: BookingTerms) -> Window:
    department = doctor.department
    is_open = doctor.is_active and department.is_active
    return Window(
        zone=timezone.get_current_timezone(),
        now=now,
        terms=terms,
        opens_at=department.opens_at,
        closes_at=department.closes_at,
        refusal=None if is_open else Reason.INACTIVE,
        registered_until=doctor.registration_expires_on,
        slots=doctor.first_visit_slots if terms.kind == VisitKind.FIRST else 1,
    )
