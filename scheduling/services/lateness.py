from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from hms.core.transactions import retried_atomic
from scheduling.models import Appointment
from scheduling.queues.lateness import minutes_late
from scheduling.queues.places import visits_by_doctor
from scheduling.signals import doctor_runs_late
from scheduling.statuses import AppointmentStatus


def announce_lateness(*, now: datetime | None = None) -> int:
    """Send `doctor_runs_late` for each visit that waits or is to come soon; returns for how many.

    It is sent once for a visit and threshold, however often this runs, and never for a lower one afterwards.
    """
    now = now or timezone.now()
    return sum(_announce(visits, now) for visits in visits_by_doctor(now).values())


def _announce(visits: list[Appointment], now: datetime) -> int:
    passed = [minutes for minutes in settings.QUEUE["late_minutes"] if minutes <= minutes_late(visits, now)]
    affected = [visit for visit in visits if passed and _is_affected(visit, now)]
    return sum(_tell(visit, max(passed)) for visit in affected if visit.told_late_minutes < max(passed))


@retried_atomic
def _tell(visit: Appointment, minutes: int) -> bool:
    untold = Appointment.objects.filter(pk=visit.pk, told_late_minutes__lt=minutes)
    if not untold.update(told_late_minutes=minutes):
        return False  # another worker was quicker
    doctor_runs_late.send(Appointment, appointment=visit, minutes=minutes)
    return True


def _is_affected(visit: Appointment, now: datetime) -> bool:
    if visit.status == AppointmentStatus.ARRIVED:
        return True
    soon = now + timedelta(minutes=settings.QUEUE["tell_ahead_minutes"])
    return visit.status == AppointmentStatus.BOOKED and now < visit.starts_at <= soon
