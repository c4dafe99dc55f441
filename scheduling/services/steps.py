"""An appointment's row is locked and moved here; who moved it, and why, stands in the log."""

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
# Where the row keeps since when it is what it is.
MOMENTS = {
    AppointmentStatus.BOOKED: "booked_at",
    AppointmentStatus.ARRIVED: "arrived_at",
    AppointmentStatus.IN_CONSULTATION: "started_at",
} | dict.fromkeys(ENDED, "ended_at")


def lock(appointment: Appointment) -> Appointment:
    """The row as it is now, locked until the transaction ends; it alone, not its doctor and patient."""
    return LOCKED.objects(pk=appointment.pk)[0]


def take_step(appointment: Appointment, wanted: AppointmentStatus, **changes) -> None:
    """Move a locked row, with the moment and `changes`; refuses a step that the status does not list."""
    moments = {"ended_at": None, MOMENTS[wanted]: timezone.now()}
    move(appointment, wanted, held_until=None, **moments, **changes)
