"""One function moves an appointment's status, and every move leaves a line of history."""

from django.db.models import IntegerField

from hms.core.inserts import insert_rows
from hms.core.prepared import PreparedQuery
from hms.core.rights import acting
from hms.core.states import require_step
from scheduling.models import Appointment, AppointmentStep
from scheduling.statuses import STEPS

LOCKED = PreparedQuery(
    lambda parameter: (
        Appointment.objects.select_for_update().filter(pk=parameter("pk", IntegerField())).order_by()
    )
)


def lock(appointment: Appointment) -> Appointment:
    """The row as it is now, locked until the transaction ends; it alone, not its doctor and patient."""
    return LOCKED.objects(pk=appointment.pk)[0]


def move(appointment: Appointment, wanted: str, *, by, note: str = "", **changes) -> None:
    """Change the status of a locked row together with `changes`; refuses a step the table does not list."""
    before = appointment.status
    require_step(STEPS, before, wanted)
    changes = {"status": wanted, "held_until": None} | changes
    for name, value in changes.items():
        setattr(appointment, name, value)
    appointment.save(update_fields=list(changes))
    write_step(appointment, before, by=by, note=note)


def write_step(appointment: Appointment, before: str, *, by, note: str = "") -> None:
    step = AppointmentStep(
        appointment_id=appointment.pk,
        by_id=acting(by).pk,
        from_status=before,
        to_status=appointment.status,
        starts_at=appointment.starts_at,
        note=note,
    )
    insert_rows([step])
