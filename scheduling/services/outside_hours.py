"""Appointments that a change to a branch, department, doctor or schedule puts outside working hours."""

from collections.abc import Callable
from hashlib import sha256

from django.db.models import Model, Q

from hms.core.transactions import retried_atomic
from scheduling.availability import outside_hours
from scheduling.exceptions import PutsOutsideHours
from scheduling.models import (
    Appointment,
    Branch,
    Department,
    Doctor,
    ScheduleException,
    WeeklySchedule,
)
from scheduling.querysets import AppointmentQuerySet
from scheduling.services.cascade import begin_cascade

MOST_NAMED = 50


class ChangeOfHours:
    """Create it before the row is saved or deleted, and query it afterwards, in the same transaction."""

    def __init__(self, row: Model):
        self.concerned = concerning(row)
        if stored := type(row)._default_manager.filter(pk=row.pk).first():
            self.concerned |= concerning(stored)
        self.before = outside_hours(self._appointments())

    def newly_outside_hours(self) -> AppointmentQuerySet:
        """Appointments within working hours before the change and outside them now."""
        keys = outside_hours(self._appointments()) - self.before
        return Appointment.objects.filter(pk__in=keys).for_list().order_by("starts_at", "pk")

    def _appointments(self) -> AppointmentQuerySet:
        return Appointment.objects.filter(self.concerned)


@retried_atomic
def change_hours(*, row: Model, save: Callable[[], object], confirmed: str, by) -> None:
    """Save or delete the row with the service in `save`; refuses if that puts bookings outside working hours.

    Unless `confirmed` is the fingerprint of exactly these bookings, which the refusal gives. Then another
    time is sought for each.
    """
    change = ChangeOfHours(row)
    save()
    outside = change.newly_outside_hours()
    if confirmed != fingerprint_of_affected(outside):
        references = list(outside.visible_to(by).values_list("reference", flat=True)[:MOST_NAMED])
        raise PutsOutsideHours(len(outside), fingerprint_of_affected(outside), references)
    begin_cascade(appointments=outside, by=by)


def fingerprint_of_affected(appointments: AppointmentQuerySet) -> str:
    """A digest of the affected appointments; empty if there are none."""
    people = ",".join(f"{row.pk}@{row.starts_at.isoformat()}" for row in appointments)
    return sha256(people.encode()).hexdigest()[:32] if people else ""


def concerning(row: Model) -> Q:
    """The appointments that a change to the row can affect."""
    match row:
        case Branch():
            return Q(branch=row.pk)
        case Department():
            return Q(doctor__department=row.pk)
        case Doctor():
            return Q(doctor=row.pk)
        case WeeklySchedule():
            return Q(doctor=row.doctor_id)
        case ScheduleException():
            return _in_the_time_of(row)
    raise TypeError(row)


def _in_the_time_of(exception: ScheduleException) -> Q:
    overlapping = Q(starts_at__lt=exception.ends_at, ends_at__gt=exception.starts_at)
    if exception.doctor_id:
        return overlapping & Q(doctor=exception.doctor_id)
    if exception.department_id:
        return overlapping & Q(doctor__department=exception.department_id)
    return overlapping
