"""An appointment's history in the words of patients."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.history import Step, steps_of
from scheduling.models import Appointment
from scheduling.moments import clock
from scheduling.statuses import AppointmentStatus

S = AppointmentStatus
_WORDS = {
    S.HELD: gettext_lazy("Time held during the booking"),
    S.BOOKED: gettext_lazy("Booked"),
    S.ARRIVED: gettext_lazy("Checked in at the desk"),
    S.IN_CONSULTATION: gettext_lazy("Consultation started"),
    S.COMPLETED: gettext_lazy("Visit completed"),
    S.CANCELLED: gettext_lazy("Cancelled"),
    S.NO_SHOW: gettext_lazy("Marked as a no-show"),
    S.EXPIRED: gettext_lazy("The booking was not finished in time"),
}
_BAD = {S.CANCELLED, S.NO_SHOW, S.EXPIRED}


@dataclass(frozen=True)
class Happening:
    at: datetime
    what: str
    who: str
    note: str
    is_bad: bool


def history_of(appointment: Appointment, user) -> list[Happening]:
    """The appointment's history, oldest first; `user` is the reader and appears as "you"."""
    return [
        Happening(step.at, _what(step), _who(step, user), _note(step), step.status in _BAD)
        for step in steps_of(appointment)
    ]


def _what(step: Step) -> str:
    if step.starts_at:
        with_doctor = _("Moved to %(day)s, %(time)s, %(doctor)s")
        return (with_doctor if step.doctor else _("Moved to %(day)s, %(time)s")) % {
            "day": date_format(timezone.localtime(step.starts_at), "D j M Y"),
            "time": clock(step.starts_at),
            "doctor": step.doctor,
        }
    return str(_WORDS[step.status])


def _note(step: Step) -> str:
    """The reason for a cancellation; patients do not see other reasons."""
    return step.reason if step.status == S.CANCELLED else ""


def _who(step: Step, user) -> str:
    if step.by is None:
        return _("by the system") if step.is_by_known else ""
    if step.by.pk == user.pk:
        return _("by you")
    return _("by %(name)s") % {"name": step.by}
