"""What an appointment can be, and from where to where it may go."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppointmentStatus(models.TextChoices):
    HELD = "held", _("Held")
    BOOKED = "booked", _("Booked")
    ARRIVED = "arrived", _("Arrived")
    IN_CONSULTATION = "in_consultation", _("In consultation")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("No-show")
    EXPIRED = "expired", _("Expired")


_S = AppointmentStatus
STEPS: dict[str, frozenset[str]] = {
    _S.HELD: frozenset({_S.BOOKED, _S.EXPIRED, _S.CANCELLED}),
    _S.BOOKED: frozenset({_S.ARRIVED, _S.CANCELLED, _S.NO_SHOW}),
    _S.ARRIVED: frozenset({_S.IN_CONSULTATION, _S.CANCELLED, _S.NO_SHOW}),
    _S.IN_CONSULTATION: frozenset({_S.COMPLETED}),
    _S.COMPLETED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.NO_SHOW: frozenset({_S.ARRIVED}),
    # Money that arrives after the hold has gone still books, if the time is free.
    _S.EXPIRED: frozenset({_S.BOOKED}),
}
# An appointment in one of these owns claims; in any other it owns none.
HOLDING = frozenset({_S.HELD, _S.BOOKED, _S.ARRIVED, _S.IN_CONSULTATION, _S.COMPLETED})
UPCOMING = frozenset({_S.HELD, _S.BOOKED, _S.ARRIVED, _S.IN_CONSULTATION})


class VisitMode(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("Video")


class BookingSource(models.TextChoices):
    WEB = "web", _("Web")
    DESK = "desk", _("Front desk")
    PHONE = "phone", _("Telephone")
    DEMO = "demo", _("Demonstration")


class ExceptionKind(models.TextChoices):
    LEAVE = "leave", _("Leave")
    HOLIDAY = "holiday", _("Holiday")
    EXTRA = "extra", _("Extra session")
