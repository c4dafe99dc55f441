"""The calendar file of an appointment: a fixed UID, a rising SEQUENCE and nothing clinical."""

from datetime import UTC

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus, VisitMode

# A hold is not agreed yet; what ended without a visit leaves the calendar.
STATUSES = {
    AppointmentStatus.HELD: "TENTATIVE",
    AppointmentStatus.EXPIRED: "CANCELLED",
    AppointmentStatus.CANCELLED: "CANCELLED",
    AppointmentStatus.NO_SHOW: "CANCELLED",
}


def calendar_file(appointment: Appointment, url: str, *, attendee: str = "") -> bytes:
    """One event as RFC 5545 with times in UTC; a cancelled appointment cancels its calendar entry.

    `attendee`: the address of whoever gets it in a message, and whose calendar then follows by itself.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.HOSPITAL['name']}//Appointments//EN")
    calendar.add("version", "2.0")
    status = STATUSES.get(appointment.status, "CONFIRMED")
    calendar.add("method", "CANCEL" if status == "CANCELLED" else "REQUEST" if attendee else "PUBLISH")
    event = event_of(appointment, url, status)
    if attendee:  # RFC 5546 asks for who invites whom
        event.add("organizer", f"mailto:{settings.HOSPITAL['email']}")
        event.add("attendee", f"mailto:{attendee}")
    calendar.add_component(event)
    return calendar.to_ical()


def event_of(appointment: Appointment, url: str, status: str) -> Event:
    """Without a name of anybody."""
    event = Event()
    event.add("uid", f"{appointment.reference}@{settings.HOSPITAL['email'].rpartition('@')[2]}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", _("Appointment at %(hospital)s") % {"hospital": settings.HOSPITAL["name"]})
    event.add("location", _place(appointment))
    event.add(
        "description",
        (_("Reference %(reference)s\n%(url)s") % {"reference": appointment.reference, "url": url}).strip(),
    )
    if url:
        event.add("url", url)
    event.add("status", status)
    event.add("class", "PRIVATE")
    return event


def _place(appointment: Appointment) -> str:
    if appointment.mode == VisitMode.VIDEO:
        return _("Video call")
    return ", ".join([appointment.branch.name, *appointment.branch.address_lines])
