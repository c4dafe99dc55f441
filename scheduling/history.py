"""The history of an appointment, read from the log.

For rows that entered the log with earlier steps (imports, entries carried over by a purge), the moments
come from the row, and only the person who booked is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime

from accounts.models import User
from audit.reading.changes import Change, changes_of
from scheduling.models import Appointment, Doctor
from scheduling.statuses import ENDED, MOMENTS, AppointmentStatus

S = AppointmentStatus
VISIT = (S.ARRIVED, S.IN_CONSULTATION)
REASONS = {S.CANCELLED: "cancellation_reason", S.HELD: "overbooking_reason", S.BOOKED: "overbooking_reason"}
COLUMNS = {"status", "starts_at", "doctor", "booked_by", "created_at", *MOMENTS.values(), *REASONS.values()}


@dataclass(frozen=True)
class Step:
    """One event; `by` is None for the system and for a person the log does not know."""

    at: datetime
    status: AppointmentStatus
    by: User | None = None
    is_by_known: bool = True
    reason: str = ""
    # Only for a move to another time or doctor.
    starts_at: datetime | None = None
    was_at: datetime | None = None
    # Only for a move to another doctor.
    doctor: Doctor | None = None
    was_doctor: Doctor | None = None


def steps_of(appointment: Appointment) -> list[Step]:
    """The appointment's history, oldest first.

    One query, and one more each for the booker of an imported row and for moves to other doctors.
    """
    steps: list[Step] = []
    starts_at = appointment.starts_at
    changes = changes_of(Appointment._meta.label_lower, appointment.pk, COLUMNS)
    doctors = _doctors(changes)
    for change in changes:
        was_at, starts_at = starts_at, _moment(change.after("starts_at")) or starts_at
        if change.is_beginning:
            steps += _past(change, appointment)
        elif "status" in change.columns:
            steps.append(_step(change, S(change.after("status"))))
        elif {"starts_at", "doctor"} & set(change.columns):
            by = change.by, change.is_by_known
            was, now = (doctors.get(pk) for pk in change.columns.get("doctor", (None, None)))
            moved = {"starts_at": starts_at, "was_at": was_at, "doctor": now, "was_doctor": was}
            steps.append(Step(change.at, S.BOOKED, *by, **moved))
    return sorted(steps, key=lambda step: step.at)


def _doctors(changes: list[Change]) -> dict[int, Doctor]:
    """Those between whom the appointment was moved, by key."""
    moved = [change for change in changes if not change.is_beginning and "doctor" in change.columns]
    keys = {key for change in moved for key in change.columns["doctor"]}
    return Doctor.objects.in_bulk(keys) if keys else {}


def _step(change: Change, status: AppointmentStatus) -> Step:
    # Holds expire by themselves, whoever's request notices it.
    by = (None, True) if status == S.EXPIRED else (change.by, change.is_by_known)
    return Step(change.at, status, *by, reason=_reason(change, status))


def _past(change: Change, appointment: Appointment) -> Iterator[Step]:
    """The steps that a row had completed before it entered the log."""
    if "status" not in change.columns:
        return
    before, status = change.columns["status"]
    moments = {step: _moment(change.after(column)) for step, column in MOMENTS.items()}
    if before is None:
        yield from _booking(change, appointment, status)
    for step in VISIT:
        if moments[step]:
            yield Step(moments[step], step, is_by_known=False)
    if status in ENDED:
        ended_at = moments[S(status)] or appointment.ended_at or change.at
        reason = _reason(change, status)
        yield Step(ended_at, S(status), is_by_known=status == S.EXPIRED, reason=reason)


def _booking(change: Change, appointment: Appointment, status: str) -> Iterator[Step]:
    """Held, booked or both; the row itself names the person."""
    created_at = _moment(change.after("created_at")) or appointment.created_at
    booked_at = _moment(change.after("booked_at"))
    if booked_at is None and status not in (S.HELD, S.EXPIRED):
        booked_at = appointment.booked_at
    by = _booker(change, appointment)
    reason = _reason(change, S.BOOKED)
    if booked_at is None or created_at < booked_at:
        yield Step(created_at, S.HELD, by, reason=reason)
    if booked_at:
        is_first = booked_at <= created_at
        yield Step(booked_at, S.BOOKED, by if is_first else None, is_first, reason if is_first else "")


def _booker(change: Change, appointment: Appointment) -> User | None:
    booked_by = change.after("booked_by")
    is_same = change.by is not None and change.by.pk == booked_by
    return change.by if is_same or booked_by is None else appointment.booked_by


def _reason(change: Change, status: str) -> str:
    return change.after(REASONS[status]) or "" if status in REASONS else ""


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
