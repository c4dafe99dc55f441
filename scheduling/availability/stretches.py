"""A doctor's working hours by place and mode, without slots or bookings; no database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from scheduling.availability.clock import end_of, seconds_of
from scheduling.availability.facts import Closure, DoctorFacts, is_closing
from scheduling.availability.grid import Session, Window, sessions_on
from scheduling.statuses import ExceptionKind


@dataclass(frozen=True, slots=True)
class Stretch:
    """Continuous time, in seconds since 1970, in which a doctor sees patients at one branch in one mode."""

    branch_id: int
    mode: str
    start: int
    end: int


def open_stretches(day: date, facts: DoctorFacts, window: Window) -> list[Stretch]:
    """The stretches of the local day; none if the doctor cannot be booked at all."""
    if window.refusal or (window.registered_until and day > window.registered_until):
        return []
    zone = window.zone
    midnight = seconds_of(day, time.min, zone)
    next_midnight = seconds_of(day + timedelta(days=1), time.min, zone)
    opens, closes = seconds_of(day, window.opens_at, zone), end_of(day, window.closes_at, zone)
    closing = sorted(filter(is_closing, facts.closures), key=lambda closure: closure.starts_at)
    pieces = []
    for session in sessions_on(day, facts, zone, midnight, next_midnight):
        hours = (session.start, session.end)
        if not session.is_extra:
            hours = (max(session.start, opens), min(session.end, closes))
        for start, end in _without(closing, session, *hours):
            pieces.append(Stretch(session.branch_id, session.mode, start, end))
    return _joined(pieces)


def _without(closing: list[Closure], session: Session, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a session outside leave and holidays; only the doctor's own leave closes an extra one."""
    for closure in closing:
        if session.is_extra and closure.kind != ExceptionKind.LEAVE:
            continue
        if start < min(closure.starts_at, end):
            yield start, min(closure.starts_at, end)
        start = max(start, closure.ends_at)
    if start < end:
        yield start, end


def _joined(pieces: list[Stretch]) -> list[Stretch]:
    """Adjacent stretches at the same branch in the same mode become one."""
    joined: list[Stretch] = []
    for piece in sorted(pieces, key=lambda one: (one.branch_id, one.mode, one.start)):
        last = joined[-1] if joined else None
        if last and (last.branch_id, last.mode) == (piece.branch_id, piece.mode) and piece.start <= last.end:
            joined[-1] = replace(last, end=max(last.end, piece.end))
        else:
            joined.append(piece)
    return joined
