"""Somebody's place in the queue, and the queues of a branch; tokens and times, no names of patients."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from scheduling.models import Appointment, Branch, Doctor
from scheduling.queues.estimate import Wait, expected_wait
from scheduling.queues.lateness import in_steps, inside_of, minutes_late, waiting_in_order
from scheduling.queues.rooms import rooms_at
from scheduling.statuses import HERE, AppointmentStatus, VisitMode

RECENT_DAYS, MOST_RECENT = 90, 60
# A visit that was left open over lunch is no consultation of three hours.
SHORTEST, LONGEST = 1, 120
IN_QUEUE = (*HERE, AppointmentStatus.BOOKED)
NEXT_TOKENS = 6


class Stage(StrEnum):
    OTHER_DAY = "other_day"
    NOT_HERE = "not_here"  # booked for today, and not checked in
    WAITING = "waiting"
    NEXT = "next"
    INSIDE = "inside"
    OVER = "over"


@dataclass(frozen=True)
class PlaceInQueue:
    """`ahead` are called before, as far as anybody knows now."""

    visit: Appointment
    stage: Stage
    ahead: int = 0
    is_somebody_inside: bool = False
    earliest: datetime | None = None
    latest: datetime | None = None
    minutes_late: int = 0


@dataclass
class DoctorQueue:
    doctor: Doctor
    visits: list[Appointment] = field(default_factory=list)
    minutes_late: int = 0
    room: str = ""

    @property
    def inside(self) -> list[int]:
        return [visit.token for visit in inside_of(self.visits) if visit.token]

    @property
    def next_tokens(self) -> list[int]:
        return [visit.token for visit in waiting_in_order(self.visits)][:NEXT_TOKENS]

    @property
    def about_late(self) -> int:
        return in_steps(self.minutes_late)

    @property
    def more(self) -> int:
        """How many wait beyond those who are shown."""
        return max(0, len(waiting_in_order(self.visits)) - NEXT_TOKENS)


def visit_with(reference: str) -> Appointment | None:
    visits = Appointment.objects.select_related("doctor__department", "doctor__specialization", "branch")
    return visits.filter(reference=reference).first()


def place_of(visit: Appointment, now: datetime | None = None) -> PlaceInQueue:
    """The place of a visit in its doctor's queue of today."""
    now = now or timezone.now()
    stage = _stage_of(visit, now)
    if stage in (Stage.OTHER_DAY, Stage.OVER, Stage.INSIDE):
        return PlaceInQueue(visit, stage)
    others = list(queue_of_today(now).filter(doctor=visit.doctor_id).exclude(pk=visit.pk))
    here = [other for other in waiting_in_order(others) if not visit.token or other.token < visit.token]
    # Whoever is booked before and has not come yet may still come first.
    to_come = [] if visit.token else _booked_before(others, visit)
    is_next = stage == Stage.WAITING and not here
    inside = inside_of(others)
    wait = _wait(visit, here, to_come, inside, now)
    return PlaceInQueue(
        visit,
        Stage.NEXT if is_next else stage,
        ahead=len(here),
        is_somebody_inside=bool(inside),
        earliest=now + timedelta(minutes=wait.least),
        latest=now + timedelta(minutes=wait.most),
        minutes_late=minutes_late(others, now),
    )


def _stage_of(visit: Appointment, now: datetime) -> Stage:
    if visit.status == AppointmentStatus.IN_CONSULTATION:
        return Stage.INSIDE
    if visit.status == AppointmentStatus.ARRIVED:
        return Stage.WAITING
    if visit.status != AppointmentStatus.BOOKED or timezone.localdate(visit.starts_at) < timezone.localdate(
        now
    ):
        return Stage.OVER
    return Stage.NOT_HERE if visit.may_arrive(now) else Stage.OTHER_DAY


def _booked_before(others: list[Appointment], visit: Appointment) -> list[Appointment]:
    booked = (other for other in others if other.status == AppointmentStatus.BOOKED)
    return [other for other in booked if other.starts_at < visit.starts_at]


def _wait(
    visit: Appointment,
    here: list[Appointment],
    to_come: list[Appointment],
    inside: list[Appointment],
    now: datetime,
) -> Wait:
    """At least if nobody else comes, at most if all do who are booked before."""
    lengths = recent_lengths(visit.doctor_id, now)
    begun = max(0.0, _minutes(now - inside[0].started_at)) if inside else None

    def wait_behind(people: list[Appointment]) -> Wait:
        dues = [_minutes(other.starts_at - now) for other in people]
        own = _minutes(visit.starts_at - now)
        return expected_wait(lengths=lengths, planned=visit.minutes, begun=begun, ahead=dues, own=own)

    everybody = sorted(
        [*here, *to_come], key=lambda other: (other.token is None, other.token, other.starts_at)
    )
    return Wait(wait_behind(here).least, wait_behind(everybody).most)


def recent_lengths(doctor_id: int, now: datetime) -> list[float]:
    """Minutes that the doctor's latest consultations took."""
    since = now - timedelta(days=RECENT_DAYS)
    done = Appointment.objects.filter(
        doctor=doctor_id, status=AppointmentStatus.COMPLETED, starts_at__gte=since, started_at__isnull=False
    )
    ends = done.order_by("-starts_at").values_list("started_at", "ended_at")[:MOST_RECENT]
    lengths = (_minutes(ended - started) for started, ended in ends)
    return [length for length in lengths if SHORTEST <= length <= LONGEST]


def queue_of_today(now: datetime) -> QuerySet:
    return Appointment.objects.of_today(now).filter(status__in=IN_QUEUE, mode=VisitMode.IN_PERSON)


def queues_of(branch: Branch, now: datetime, department: str = "") -> list[DoctorQueue]:
    """The doctors whom patients see at the branch today, perhaps of one department.

    Three queries for any number.
    """
    visits = queue_of_today(now).filter(branch=branch).select_related("doctor__department")
    if department:
        visits = visits.filter(doctor__department__slug=department)
    by_doctor: dict[int, DoctorQueue] = {}
    for visit in visits.order_by("doctor__full_name", "doctor_id", "pk"):
        by_doctor.setdefault(visit.doctor_id, DoctorQueue(visit.doctor)).visits.append(visit)
    rooms = rooms_at(branch, now, by_doctor)
    for key, queue in by_doctor.items():
        queue.minutes_late, queue.room = minutes_late(queue.visits, now), rooms.get(key, "")
    return list(by_doctor.values())


def visits_by_doctor(now: datetime) -> dict[int, list[Appointment]]:
    """Today's queues of all doctors with somebody who waits or is inside."""
    by_doctor = defaultdict(list)
    for visit in queue_of_today(now).select_related("doctor", "patient").order_by("starts_at", "pk"):
        by_doctor[visit.doctor_id].append(visit)
    return {
        doctor: visits
        for doctor, visits in by_doctor.items()
        if any(visit.status in HERE for visit in visits)
    }


def _minutes(length: timedelta) -> float:
    return length.total_seconds() / 60
