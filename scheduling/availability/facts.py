"""Reads what availability needs in three queries, whatever the number of doctors and days."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.db.models import DateField, DateTimeField, IntegerField, Q

from hms.core.days import local_day
from hms.core.prepared import PreparedQuery
from scheduling.cells import cell_of
from scheduling.models import ScheduleException, SlotClaim, WeeklySchedule
from scheduling.models.doctor import MOST_SLOTS_PER_VISIT
from scheduling.models.schedule import SLOT_LENGTHS
from scheduling.statuses import ExceptionKind

ANY_WEEKDAY = list(range(7))
# A closure that begins after midnight also closes a visit that begins before it.
LONGEST_VISIT = timedelta(minutes=max(minutes for minutes, _label in SLOT_LENGTHS)) * MOST_SLOTS_PER_VISIT


class Hours(Protocol):
    opens_at: time
    closes_at: time
    is_active: bool


class Bookable(Protocol):
    """What availability needs of a doctor: a `Doctor` with its department, or `DoctorTerms`."""

    pk: int
    department_id: int
    is_active: bool
    registration_expires_on: date
    first_visit_slots: int
    department: Hours


@dataclass(frozen=True, slots=True)
class Shift:
    """One weekly shift, in local time."""

    weekday: int
    starts_at: time
    ends_at: time
    valid_from: date
    valid_until: date | None
    slot_minutes: int
    capacity: int
    mode: str
    branch_id: int
    branch: tuple[str, str]  # its name and code


@dataclass(frozen=True, slots=True)
class Closure:
    """Leave, a holiday or (with its session) an extra session; times are seconds since 1970."""

    kind: str
    starts_at: int
    ends_at: int
    slot_minutes: int
    capacity: int
    mode: str
    branch_id: int | None
    branch: tuple[str | None, str | None]


@dataclass(slots=True)
class DoctorFacts:
    """What is known about one doctor in the window; `taken` and `held` map a cell to a mask of seats."""

    shifts: list[Shift] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)


SHIFTS = PreparedQuery(
    lambda parameter: (
        WeeklySchedule.objects.valid_between(parameter("first", DateField()), parameter("last", DateField()))
        .filter(
            doctor__id__in=parameter("doctors", IntegerField(), many=True),
            weekday__in=parameter("weekdays", IntegerField(), many=True),
            branch__is_active=True,
        )
        .order_by("starts_at")
        .values_list(
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
            "branch__name",
            "branch__code",
        )
    )
)
EXCEPTIONS = PreparedQuery(
    lambda parameter: (
        ScheduleException.objects.overlapping(
            parameter("start", DateTimeField()), parameter("end", DateTimeField())
        )
        .filter(
            Q(doctor__id__in=parameter("doctors", IntegerField(), many=True))
            | Q(department__id__in=parameter("departments", IntegerField(), many=True))
            | Q(doctor__isnull=True, department__isnull=True)
        )
        .filter(~Q(kind=ExceptionKind.EXTRA) | Q(branch__is_active=True))
        .exclude(kind=ExceptionKind.ASKED)
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
            "branch__name",
            "branch__code",
        )
    )
)
LIVE_CLAIMS = PreparedQuery(
    lambda parameter: SlotClaim.objects.filter(
        Q(appointment__held_until__isnull=True)
        | Q(appointment__held_until__gt=parameter("now", DateTimeField())),
        ~Q(appointment__id=parameter("but_of", IntegerField())),
        doctor__id__in=parameter("doctors", IntegerField(), many=True),
        cell__gte=parameter("first", IntegerField()),
        cell__lt=parameter("last", IntegerField()),
    ).values_list("doctor_id", "cell", "seat", "appointment__held_until")
)


def gather(
    doctors: Iterable[Bookable],
    first: date,
    last: date,
    now: datetime,
    claims: tuple[datetime, datetime] | None = None,
    but_of: int = 0,
) -> dict[int, DoctorFacts]:
    """Read shifts, exceptions and live claims of the doctors from `first` to `last`, both included.

    `claims` limits the claims to those between two moments; those of the appointment `but_of` are left out.
    """
    facts = gather_hours(doctors, first, last)
    if facts:
        _read_claims(facts, *(claims or _reach(first, last)), now, but_of)
    return facts


def gather_hours(doctors: Iterable[Bookable], first: date, last: date) -> dict[int, DoctorFacts]:
    """`gather` without the claims: when the doctors work, whoever is booked."""
    doctors = list(doctors)
    facts: dict[int, DoctorFacts] = {doctor.pk: DoctorFacts() for doctor in doctors}
    if facts:
        _read_shifts(facts, first, last)
        _read_closures(facts, doctors, *_reach(first, last))
    return facts


def _reach(first: date, last: date) -> tuple[datetime, datetime]:
    return local_day(first)[0], local_day(last)[1] + LONGEST_VISIT


def _read_shifts(facts, first: date, last: date) -> None:
    days = (last - first).days + 1
    weekdays = [(first.weekday() + n) % 7 for n in range(days)] if days < 7 else ANY_WEEKDAY
    for doctor_id, *shift in SHIFTS.rows(doctors=list(facts), weekdays=weekdays, first=first, last=last):
        *shift, name, code = shift
        facts[doctor_id].shifts.append(Shift(*shift, (name, code)))


def _read_closures(facts, doctors: list[Bookable], start: datetime, end: datetime) -> None:
    departments = defaultdict(list)
    for doctor in doctors:
        departments[doctor.department_id].append(doctor.pk)
    rows = EXCEPTIONS.rows(doctors=list(facts), departments=list(departments), start=start, end=end)
    for doctor_id, department_id, kind, starts_at, ends_at, *session, name, code in rows:
        lasts = int(starts_at.timestamp()), int(ends_at.timestamp())
        closure = Closure(kind, *lasts, *session, (name, code))
        concerned = [doctor_id] if doctor_id else departments[department_id] if department_id else list(facts)
        for pk in concerned:
            facts[pk].closures.append(closure)


def _read_claims(facts, start: datetime, end: datetime, now: datetime, but_of: int) -> None:
    cells = {"first": cell_of(start), "last": cell_of(end)}
    rows = LIVE_CLAIMS.rows(doctors=list(facts), **cells, now=now, but_of=but_of)
    for doctor_id, cell, seat, held_until in rows:
        doctor = facts[doctor_id]
        doctor.taken[cell] = doctor.taken.get(cell, 0) | 1 << seat
        if held_until is not None:
            doctor.held[cell] = doctor.held.get(cell, 0) | 1 << seat


def is_closing(closure: Closure) -> bool:
    return closure.kind != ExceptionKind.EXTRA
