"""How much of the hospital's time one patient or login may keep for itself."""

from django.conf import settings
from django.db.models import DateTimeField, IntegerField
from django.utils import timezone

from hms.core.prepared import PreparedQuery
from scheduling.exceptions import TooManyBookings, TooManyHolds
from scheduling.models import Appointment
from scheduling.services.permissions import is_desk
from scheduling.statuses import AppointmentStatus

COMING = PreparedQuery(
    lambda parameter: (
        Appointment.objects.upcoming(parameter("now", DateTimeField()))
        .filter(patient__id=parameter("patient", IntegerField()))
        .order_by()
        .values_list("pk")
    )
)
HELD = PreparedQuery(
    lambda parameter: (
        Appointment.objects.filter(
            status=AppointmentStatus.HELD,
            booked_by__id=parameter("user", IntegerField()),
            held_until__gt=parameter("now", DateTimeField()),
        )
        .order_by()
        .values_list("pk")
    )
)


def check_limits(patient_id: int, by) -> None:
    """Refuse a patient's appointment, or a login's hold, beyond the limits; the desk has none."""
    if is_desk(by):
        return
    now, limits = timezone.now(), settings.BOOKING
    if len(COMING.rows(patient=patient_id, now=now)) >= limits["upcoming_per_patient"]:
        raise TooManyBookings(limit=limits["upcoming_per_patient"])
    if len(HELD.rows(user=by.pk, now=now)) >= limits["holds_per_login"]:
        raise TooManyHolds(limit=limits["holds_per_login"])
