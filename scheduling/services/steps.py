"""Locks an appointment's row and changes its status; the log records who did it and why.

Single services and batches share the columns that a beginning and each step write.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import IntegerField
from django.utils import timezone

from hms.core.locks import take_turns
from hms.core.prepared import PreparedQuery
from hms.core.states import move
from scheduling.exceptions import NotToday, NotYet
from scheduling.models import Appointment
from scheduling.statuses import MOMENTS, AppointmentStatus

LOCKED = PreparedQuery(
    lambda parameter: (
        Appointment.objects.select_for_update().filter(pk=parameter("pk", IntegerField())).order_by()
    )
)


def lock(appointment: Appointment) -> Appointment:
    """The current row, locked until the transaction ends; doctor and patient are not locked."""
    return lock_by_key(appointment.pk)


def lock_by_key(pk: int) -> Appointment:
    appointment = LOCKED.objects(pk=pk)[0]
    take_turns(appointment)
    return appointment


def take_step(
    appointment: Appointment, wanted: AppointmentStatus, *, reason: str = "", token: int | None = None
) -> None:
    """Move a locked row now; refuses like `columns_of_step`, and a step that the status does not list."""
    columns = columns_of_step(appointment, wanted, at=timezone.now(), reason=reason)
    if token is not None:
        columns["token"] = token
    move(appointment, wanted, **columns)


def begin(appointment: Appointment, *, at: datetime) -> None:
    """Write the moments of a new appointment, which is held or booked."""
    appointment.created_at = at
    if appointment.status == AppointmentStatus.HELD:
        appointment.held_until = at + timedelta(minutes=settings.BOOKING["hold_minutes"])
    else:
        appointment.booked_at = at


def columns_of_step(
    appointment: Appointment, wanted: AppointmentStatus, *, at: datetime, reason: str = ""
) -> dict[str, Any]:
    """What a step at that moment changes besides the status; the reason is that of a cancellation.

    Refuses `NotToday` to arrive days before or after and `NotYet` to be a no-show before the time has begun.
    """
    columns = {"held_until": None, "ended_at": None, MOMENTS[wanted]: at}
    if wanted == AppointmentStatus.ARRIVED:
        columns["token_on"] = timezone.localdate(appointment.starts_at)
        if not appointment.may_arrive(at):
            raise NotToday
    if wanted == AppointmentStatus.NO_SHOW and at < appointment.starts_at:
        raise NotYet
    if wanted == AppointmentStatus.CANCELLED:
        columns |= {"cancellation_reason": reason, "sequence": appointment.sequence + 1}
    return columns
