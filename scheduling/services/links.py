"""What the link in a message does; whoever has the link acts for the patient."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from hms.core.rights import SYSTEM
from hms.core.transactions import retried_atomic
from scheduling.exceptions import LinkOutdated, TooLateToChange
from scheduling.models import Appointment
from scheduling.services.changes import cancel_locked
from scheduling.services.steps import lock
from scheduling.statuses import AppointmentStatus


@retried_atomic
def cancel_by_link(*, appointment: Appointment, starts_at: datetime) -> Appointment:
    """Cancel at this time, for whoever opened the link of a message: they act for the patient.

    Refuses with `TooLateToChange` like a patient's cancellation, and if it is at another time by now; a
    second call changes nothing.
    """
    appointment = lock(appointment)
    if appointment.status == AppointmentStatus.CANCELLED:
        return appointment
    _require_as_in_the_link(appointment, starts_at)
    if appointment.is_too_late_to_change:
        raise TooLateToChange
    cancel_locked(appointment, SYSTEM, gettext("By the link in a message"), is_by_patient=True)
    return appointment


@retried_atomic
def confirm_by_link(*, appointment: Appointment, starts_at: datetime) -> Appointment:
    """Note that the patient comes at this time; refuses a visit that is not booked then any more, or over."""
    appointment = lock(appointment)
    _require_as_in_the_link(appointment, starts_at)
    if appointment.ends_at <= timezone.now():
        raise LinkOutdated
    if appointment.coming_at is None:
        appointment.coming_at = timezone.now()
        appointment.save(update_fields=["coming_at"])
    return appointment


def _require_as_in_the_link(appointment: Appointment, starts_at: datetime) -> None:
    if appointment.status != AppointmentStatus.BOOKED or appointment.starts_at != starts_at:
        raise LinkOutdated
