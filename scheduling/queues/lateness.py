"""By how much a doctor runs late: how long the next patient waits beyond the time of the booking."""

from collections.abc import Iterable
from datetime import datetime

from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

LATE_FROM = 10  # minutes


def waiting_in_order(visits: Iterable[Appointment]) -> list[Appointment]:
    """Those who wait, in the order of their tokens."""
    waiting = [visit for visit in visits if visit.status == AppointmentStatus.ARRIVED]
    return sorted(waiting, key=lambda visit: (visit.token or 0, visit.pk))


def inside_of(visits: Iterable[Appointment]) -> list[Appointment]:
    inside = [visit for visit in visits if visit.status == AppointmentStatus.IN_CONSULTATION]
    return sorted(inside, key=lambda visit: (visit.started_at, visit.pk))


def minutes_late(visits: Iterable[Appointment], now: datetime) -> int:
    """Of one doctor with these visits; a patient who came late is due when arriving."""
    visits = list(visits)
    next_ones = [(visit, now) for visit in waiting_in_order(visits)[:1]]
    called = [(visit, visit.started_at) for visit in inside_of(visits)]
    late = [(called_at - due_at(visit)).total_seconds() for visit, called_at in (*next_ones, *called)]
    return max(0, int(max(late, default=0)) // 60)


def in_steps(minutes: int) -> int:
    """Of five minutes, as people are told; 0 for what is hardly late."""
    return minutes // 5 * 5 if minutes >= LATE_FROM else 0


def due_at(visit: Appointment) -> datetime:
    return max(visit.starts_at, visit.arrived_at or visit.starts_at)
