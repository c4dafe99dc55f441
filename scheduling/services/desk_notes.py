"""What the staff leaves for one another at an appointment; patients see none of it."""

from django.utils import timezone

from hms.core.refusals import NotAllowed
from hms.core.transactions import retried_atomic
from scheduling.exceptions import NothingAsked
from scheduling.models import Appointment
from scheduling.services.permissions import is_desk, may_ask_the_desk, reads_desk_note
from scheduling.services.steps import lock


@retried_atomic
def write_desk_note(*, appointment: Appointment, desk_note: str, by) -> Appointment:
    """Change the note; refuses everybody but the desk and those who run the visit."""
    appointment = lock(appointment)
    if not reads_desk_note(by, appointment):
        raise NotAllowed
    appointment.desk_note = desk_note.strip()
    appointment.save(update_fields=["desk_note"])
    return appointment


@retried_atomic
def ask_the_desk(*, appointment: Appointment, asked_of_desk: str, by) -> Appointment:
    """Put what a doctor asks for on the desk's list, in place of what was asked before.

    Only where the desk changes the bookings of doctors. Refuses an empty text.
    """
    appointment = lock(appointment)
    if not may_ask_the_desk(by, appointment):
        raise NotAllowed
    if not asked_of_desk.strip():
        raise NothingAsked
    return _set(appointment, asked_of_desk.strip())


@retried_atomic
def settle_what_was_asked(*, appointment: Appointment, by) -> Appointment:
    """Take it off the desk's list; a second call changes nothing."""
    appointment = lock(appointment)
    if not is_desk(by):
        raise NotAllowed
    return _set(appointment, "")


def _set(appointment: Appointment, asked: str) -> Appointment:
    appointment.asked_of_desk = asked
    appointment.asked_of_desk_at = timezone.now() if asked else None
    appointment.save(update_fields=["asked_of_desk", "asked_of_desk_at"])
    return appointment
