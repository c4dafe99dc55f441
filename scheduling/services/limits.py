"""Limits on how many appointments a patient and how many holds a login may have."""

from django.conf import settings
from django.db.models import Count, DateTimeField, IntegerField
from django.utils import timezone

from accounts.models import User
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
        .values("patient_id")
        .annotate(count=Count("pk"))
        .values_list("count")
    )
)


def check_limits(appointment: Appointment, by) -> None:
    """Refuse an appointment beyond the patient's limit, or a hold beyond the login's; the desk has none.

    The caller has locked the patient. This locks the login, which can hold times for several patients.
    """
    if is_desk(by):
        return
    now, limits = timezone.now(), settings.BOOKING
    if _count(COMING.rows(patient=appointment.patient_id, now=now)) >= limits["upcoming_per_patient"]:
        raise TooManyBookings(limit=limits["upcoming_per_patient"])
    if appointment.status == AppointmentStatus.HELD:
        User.objects.select_for_update().only("pk").get(pk=by.pk)
        held = Appointment.objects.filter(status=AppointmentStatus.HELD, booked_by=by, held_until__gt=now)
        if held.count() >= limits["holds_per_login"]:
            raise TooManyHolds(limit=limits["holds_per_login"])


def _count(rows) -> int:
    return rows[0][0] if rows else 0
