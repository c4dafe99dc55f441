"""Limits on how many appointments a patient and how many holds a login may have."""

from django.conf import settings
from django.db.models import Count, DateTimeField, IntegerField, Q
from django.utils import timezone

from accounts.models import User
from hms.core.days import local_day
from hms.core.locks import lock_row
from hms.core.prepared import PreparedQuery
from scheduling.exceptions import TooManyBookings, TooManyByLogin, TooManyHolds, TooManyOfOneDay
from scheduling.models import Appointment
from scheduling.services.permissions import manages
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
# Of all people for whom the login books: whoever may no longer act for one has booked the time all the same.
OF_LOGIN = PreparedQuery(
    lambda parameter: (
        Appointment.objects.upcoming(parameter("now", DateTimeField()))
        .filter(booked_by__id=parameter("login", IntegerField()))
        .order_by()
        .values("booked_by_id")
        .annotate(
            count=Count("pk"),
            held=Count("pk", filter=Q(status=AppointmentStatus.HELD)),
            of_day=Count(
                "pk",
                filter=Q(
                    doctor__id=parameter("doctor", IntegerField()),
                    starts_at__gte=parameter("begins", DateTimeField()),
                    starts_at__lt=parameter("ends", DateTimeField()),
                ),
            ),
        )
        .values_list("count", "held", "of_day")
    )
)


def check_limits(appointment: Appointment, by) -> None:
    """Refuse what goes beyond the limits of the patient and of the login; the desk has none.

    The caller has locked the patient. This locks the login, which can book for several patients.
    """
    if manages(by, appointment.doctor_id, appointment.starts_at):
        return
    now, limits = timezone.now(), settings.BOOKING
    coming = COMING.rows(patient=appointment.patient_id, now=now)
    if coming and coming[0][0] >= limits["upcoming_per_patient"]:
        raise TooManyBookings(limit=limits["upcoming_per_patient"])
    count, held, of_day = _of_login(appointment, by)
    if appointment.status == AppointmentStatus.HELD and held >= limits["holds_per_login"]:
        raise TooManyHolds(limit=limits["holds_per_login"])
    if of_day >= limits["per_login_doctor_and_day"]:
        raise TooManyOfOneDay(limit=limits["per_login_doctor_and_day"])
    if count >= limits["upcoming_per_login"]:
        raise TooManyByLogin(limit=limits["upcoming_per_login"])


def check_limit_of_day(appointment: Appointment, by) -> None:
    """Refuse a move, which is saved, beyond the appointments that a login may have with a doctor on a day."""
    if manages(by, appointment.doctor_id, appointment.starts_at):
        return
    limit = settings.BOOKING["per_login_doctor_and_day"]
    is_counted = appointment.booked_by_id == by.pk
    if _of_login(appointment, by)[2] - is_counted >= limit:
        raise TooManyOfOneDay(limit=limit)


def _of_login(appointment: Appointment, by) -> tuple[int, int, int]:
    """The login's upcoming appointments, holds, and those with this doctor on this day; locks the login."""
    lock_row(User.objects.only("pk"), pk=by.pk)
    begins, ends = local_day(timezone.localdate(appointment.starts_at))
    day = {"doctor": appointment.doctor_id, "begins": begins, "ends": ends}
    found = OF_LOGIN.rows(login=by.pk, now=timezone.now(), **day)
    return found[0] if found else (0, 0, 0)
