"""What availability has to know, read in three queries whatever the number of doctors and days."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from scheduling.cells import cell_of
from scheduling.models import Doctor, ScheduleException, SlotClaim, WeeklySchedule
from scheduling.querysets import local_day
from scheduling.statuses import ExceptionKind


@dataclass(frozen=True, slots=True)
class Shift:
    """One weekly shift, in local time."""

    weekday: int
    starts_at: object
    ends_at: object
    valid_from: date
    valid_until: date | None
    slot_minutes: int
    capacity: int
    mode: str
    branch_id: int


@dataclass(frozen=True, slots=True)
class Closure:
    """Leave or a holiday, or (with a session) an extra one, in cells and seconds."""

    kind: str
    starts_at: int
    ends_at: int
    slot_minutes: int
    capacity: int
    mode: str
    branch_id: int | None


@dataclass(slots=True)
class DoctorFacts:
    """Everything known of one doctor in the window; `taken` and `held` map a cell to a mask of seats."""

    shifts: list[Shift] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)


def gather(doctors: Iterable[Doctor], first: date, last: date, now: datetime) -> dict[int, DoctorFacts]:
    """Read shifts, exceptions and live claims of the doctors between two local days, both included."""
    doctors = list(doctors)
    facts: dict[int, DoctorFacts] = {doctor.pk: DoctorFacts() for doctor in doctors}
    if facts:
        _read_shifts(facts, first, last)
        start, end = local_day(first)[0], local_day(last)[1]
        _read_closures(facts, doctors, start, end)
        _read_claims(facts, start, end, now)
    return facts


def _read_shifts(facts, first: date, last: date) -> None:
    rows = WeeklySchedule.objects.valid_between(first, last).filter(
        doctor__in=list(facts), branch__is_active=True
    )
    if first == last:
        rows = rows.filter(weekday=first.weekday())
    columns = (
        "doctor_id",
        "weekday",
        "starts_at",
        "ends_at",
        "valid_from",
        "valid_until",
        "slot_minutes",
        "capacity",
        "mode",
        "branch_id",
    )
    for doctor_id, *shift in rows.order_by("starts_at").values_list(*columns):
        facts[doctor_id].shifts.append(Shift(*shift))


def _read_closures(facts, doctors: list[Doctor], start: datetime, end: datetime) -> None:
    departments = defaultdict(list)
    for doctor in doctors:
        departments[doctor.department_id].append(doctor.pk)
    rows = (
        ScheduleException.objects.overlapping(start, end)
        .filter(
            Q(doctor__in=list(facts))
            | Q(department__in=list(departments))
            | Q(doctor__isnull=True, department__isnull=True)
        )
        .order_by("starts_at")
        .values_list(
            "doctor_id",
            "department_id",
            "kind",
            "starts_at",
            "ends_at",
            "slot_minutes",
            "capacity",
            "mode",
            "branch_id",
        )
    )
    for doctor_id, department_id, kind, starts_at, ends_at, *session in rows:
        closure = Closure(kind, int(starts_at.timestamp()), int(ends_at.timestamp()), *session)
        concerned = [doctor_id] if doctor_id else departments[department_id] if department_id else list(facts)
        for pk in concerned:
            facts[pk].closures.append(closure)


def _read_claims(facts, start: datetime, end: datetime, now: datetime) -> None:
    rows = SlotClaim.objects.filter(
        Q(appointment__held_until__isnull=True) | Q(appointment__held_until__gt=now),
        doctor__in=list(facts),
        cell__gte=cell_of(start),
        cell__lt=cell_of(end),
    ).values_list("doctor_id", "cell", "seat", "appointment__held_until")
    for doctor_id, cell, seat, held_until in rows:
        doctor = facts[doctor_id]
        doctor.taken[cell] = doctor.taken.get(cell, 0) | 1 << seat
        if held_until is not None:
            doctor.held[cell] = doctor.held.get(cell, 0) | 1 << seat


def is_closing(closure: Closure) -> bool:
    return closure.kind != ExceptionKind.EXTRA
