"""What a patient may still do with an appointment; the services check it again."""

from dataclasses import dataclass
from datetime import datetime

from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

S = AppointmentStatus


@dataclass(frozen=True)
class Possible:
    """The buttons on an appointment's page, and the deadline for moving and cancelling."""

    finish: bool = False
    edit: bool = False
    change: bool = False
    is_too_late: bool = False
    change_until: datetime | None = None


def possible_with(appointment: Appointment, user) -> Possible:
    if not Appointment.objects.visible_to(user).changeable_by(user).filter(pk=appointment.pk).exists():
        return Possible()
    if appointment.status == S.HELD:
        alive = not appointment.hold_has_expired
        return Possible(finish=alive, edit=alive)
    in_time = not appointment.is_too_late_to_change
    is_booked = appointment.status == S.BOOKED
    return Possible(
        edit=appointment.status in (S.BOOKED, S.ARRIVED),
        change=is_booked and in_time,
        is_too_late=is_booked and not in_time,
        change_until=appointment.change_until,
    )
