"""Locks an appointment's row and changes its status; the log records who did it and why."""

from django.db.models import IntegerField
from django.utils import timezone

from hms.core.prepared import PreparedQuery
from hms.core.states import move
from scheduling.models import Appointment
from scheduling.statuses import ENDED, AppointmentStatus

LOCKED = PreparedQuery(
    lambda parameter: (
        Appointment.objects.select_for_update().filter(pk=parameter("pk", IntegerField())).order_by()
    )
)
# The column that keeps the moment of each status.
MOMENTS = {
    AppointmentStatus.BOOKED: "booked_at",
    AppointmentStatus.ARRIVED: "arrived_at",
    AppointmentStatus.IN_CONSULTATION: "started_at",
} | dict.fromkeys(ENDED, "ended_at")


def lock(appointment: Appointment) -> Appointment:
    """The current row, locked until the transaction ends; doctor and patient are not locked."""
    return LOCKED.objects(pk=appointment.pk)[0]


def take_step(appointment: Appointment, wanted: AppointmentStatus, **changes) -> None:
    """Change the status of a locked row, with its moment and `changes`; refuses a step that is not listed."""
    moments = {"ended_at": None, MOMENTS[wanted]: timezone.now()}
    move(appointment, wanted, held_until=None, **moments, **changes)
