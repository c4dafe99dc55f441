"""Computes slots from facts in whole seconds since 1970 (UTC), so clock changes do not matter.

A slot is a part of a shift with the session's length; the last one ends no later than the shift.
A visit takes one slot or several in a row.
Weekly shifts follow the department's hours, holidays and leave. An extra session is arranged on purpose,
so only the doctor's own leave closes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from scheduling.availability.clock import end_of, seconds_of, to_the_grid
from scheduling.availability.facts import Closure, DoctorFacts, is_closing
from scheduling.availability.reasons import Reason
from scheduling.availability.slot import Slot, cells_of, is_beyond_horizon, too_late
from scheduling.availability.terms import BookingTerms
from scheduling.statuses import ExceptionKind


@dataclass(frozen=True, slots=True)
class Window:
    """The circumstances in which a doctor's day is computed."""

    zone: tzinfo
    now: datetime
    terms: BookingTerms
    opens_at: time
    closes_at: time
    refusal: Reason | None = None  # the doctor as a whole cannot be booked
    registered_until: date | None = None
    slots: int = 1  # that a visit takes


@dataclass(frozen=True, slots=True)
class Session:
    """A part of a day in which the doctor sees patients: a weekly shift or an extra session."""

    start: int
    end: int
    step: int
    capacity: int
    mode: str
    branch_id: int
    branch: tuple[str, str]
    is_extra: bool


def slots_on(day: date, facts: DoctorFacts, window: Window, only: float | None = None) -> list[Slot]:
    """All slots of the doctor that begin on the local day, offered or not, in order.

    With `only`, just the slot that begins at that second. What is at another place than the terms ask for is
    left out at the end, because a session can replace one at another place.
    """
    judge = _Judge(day, facts, window)
    midnight = seconds_of(day, time.min, window.zone)
    next_midnight = seconds_of(day + timedelta(days=1), time.min, window.zone)
    seen: dict[int, Slot] = {}
    for session in sessions_on(day, facts, window.zone, midnight, next_midnight):
        for start in range(session.start, session.end - session.step + 1, session.step):
            if not midnight <= start < next_midnight or only not in (None, start):
                continue
            if start not in seen or _is_shut(seen[start]):
                seen[start] = judge.slot(session, start)
    place = window.terms.place
    return [seen[start] for start in sorted(seen) if place is None or place.fits(seen[start])]


def first_offered_on(day: date, facts: DoctorFacts, window: Window) -> Slot | None:
    """The first offered slot of `slots_on`, found without computing all the others."""
    judge = _Judge(day, facts, window)
    if judge.day_reason:
        return None
    midnight = seconds_of(day, time.min, window.zone)
    next_midnight = seconds_of(day + timedelta(days=1), time.min, window.zone)
    sessions = list(sessions_on(day, facts, window.zone, midnight, next_midnight))
    if any(session.is_extra for session in sessions):  # it can overlap a shift: see _is_shut
        return next((slot for slot in slots_on(day, facts, window) if slot.reason is None), None)
    place = window.terms.place
    for session in sessions:  # weekly shifts come in order and do not overlap
        if judge.shuts(session) or (place and not place.fits(session)):
            continue
        for start in range(session.start, session.end - session.step + 1, session.step):
            slot = judge.slot(session, start)
            if slot.reason is None:
                return slot
    return None


def _is_shut(slot: Slot) -> bool:
    """Whether an extra session at the same time replaces this slot."""
    return slot.reason in (Reason.HOLIDAY, Reason.OUTSIDE_HOURS, Reason.TOO_SHORT)


def sessions_on(
    day: date, facts: DoctorFacts, zone: tzinfo, midnight: int, next_midnight: int
) -> Iterator[Session]:
    for shift in facts.shifts:
        if shift.weekday == day.weekday() and _is_valid(shift, day):
            yield Session(
                to_the_grid(seconds_of(day, shift.starts_at, zone)),
                end_of(day, shift.ends_at, zone),
                shift.slot_minutes * 60,
                shift.capacity,
                shift.mode,
                shift.branch_id,
                shift.branch,
                is_extra=False,
            )
    for extra in facts.closures:
        if not is_closing(extra) and extra.starts_at < next_midnight and extra.ends_at > midnight:
            yield Session(
                to_the_grid(extra.starts_at),
                extra.ends_at,
                extra.slot_minutes * 60,
                extra.capacity,
                extra.mode,
                extra.branch_id,
                extra.branch,
                is_extra=True,
            )


def _is_valid(shift, day: date) -> bool:
    return shift.valid_from <= day and (shift.valid_until is None or day <= shift.valid_until)


class _Judge:
    """Gives each slot of one day the most informative reason."""

    def __init__(self, day: date, facts: DoctorFacts, window: Window):
        self.facts, self.window = facts, window
        self.closing: list[Closure] = [closure for closure in facts.closures if is_closing(closure)]
        self.opens = seconds_of(day, window.opens_at, window.zone)
        self.closes = end_of(day, window.closes_at, window.zone)
        self.now = window.now.timestamp()
        notice = window.terms.notice
        self.too_late_until = self.now if notice is None else self.now + notice.total_seconds()
        self.current = window.terms.move.start if window.terms.move else None
        self.day_reason = window.refusal
        if window.registered_until and day > window.registered_until:
            self.day_reason = Reason.REGISTRATION_EXPIRED
        elif is_beyond_horizon(day, window.now, window.zone, window.terms):
            self.day_reason = self.day_reason or Reason.BEYOND_HORIZON

    def shuts(self, session: Session) -> bool:
        """Whether one holiday or leave closes a whole weekly shift."""
        return any(
            closure.starts_at <= session.start and session.end <= closure.ends_at for closure in self.closing
        )

    def slot(self, session: Session, start: int) -> Slot:
        end = min(start + session.step * self.window.slots, session.end)
        occupied, free = self._seats(session, start, end)
        place = (self.window.zone, session.capacity, session.mode, session.branch_id, session.branch)
        return Slot(start, end, *place, occupied, free, self._reason(session, start, end, free))

    def _seats(self, session: Session, start: int, end: int) -> tuple[int, int]:
        """The seats taken in any cell, and how many patients can still be booked."""
        taken = self.facts.taken
        occupied, busiest = 0, 0
        for cell in cells_of(start, end) if taken else ():
            if mask := taken.get(cell):
                occupied |= mask
                busiest = max(busiest, mask.bit_count())
        within = occupied & ((1 << session.capacity) - 1)
        return occupied, max(0, min(session.capacity - busiest, session.capacity - within.bit_count()))

    def _reason(self, session: Session, start: int, end: int, free: int) -> Reason | None:
        return (
            self.day_reason
            or (start <= self.too_late_until and too_late(start, end, self.now, self.window.terms))
            or self._closed(session, start, end)
            or (Reason.TOO_SHORT if end < start + session.step * self.window.slots else None)
            or (None if free else self._occupied(session, start, end))
            or (Reason.CURRENT if self.current == start else None)
        )

    def _closed(self, session: Session, start: int, end: int) -> Reason | None:
        for closure in self.closing:
            if closure.starts_at < end and closure.ends_at > start:
                if closure.kind == ExceptionKind.LEAVE:
                    return Reason.LEAVE
                if not session.is_extra:
                    return Reason.HOLIDAY
        if not session.is_extra and not (self.opens <= start and end <= self.closes):
            return Reason.OUTSIDE_HOURS
        return None

    def _occupied(self, session: Session, start: int, end: int) -> Reason:
        if self.window.slots > 1 and self._seats(session, start, start + session.step)[1]:
            return Reason.PARTLY_TAKEN
        held = any(cell in self.facts.held for cell in cells_of(start, end))
        return Reason.HELD if held else Reason.TAKEN
