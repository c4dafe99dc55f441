"""Appointments that a change to a branch, department, doctor or schedule puts outside working hours."""

from django.db.models import Model, Q

from scheduling.availability import outside_hours
from scheduling.models import (
    Appointment,
    Branch,
    Department,
    Doctor,
    ScheduleException,
    WeeklySchedule,
)
from scheduling.querysets import AppointmentQuerySet


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
