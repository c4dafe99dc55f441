"""The calendar of a feed: visits of the last weeks and all that are to come, as RFC 5545, in UTC.

UID and SEQUENCE are those of the files that come with messages, so that a calendar knows a visit again. What
is cancelled stays for some weeks as cancelled, because some programs only then take it out.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, vDuration

from scheduling.calendar_file import STATUSES, event_of
from scheduling.models import Appointment, CalendarFeed
from scheduling.statuses import AppointmentStatus, FeedKind

PAST, CANCELLED_FOR = timedelta(days=14), timedelta(days=30)
READ_AGAIN_EVERY = timedelta(hours=1)


def visits_of(feed: CalendarFeed, now: datetime) -> QuerySet:
    """The visits of the feed that its login may see now."""
    visible = Appointment.objects.visible_to(feed.user).ever_booked()
    own = Q(doctor__user=feed.user) if feed.kind == FeedKind.DOCTOR else Appointment.carer_grounds(feed.user)
    long_cancelled = Q(status=AppointmentStatus.CANCELLED, ended_at__lt=now - CANCELLED_FOR)
    recent = visible.filter(own, starts_at__gte=now - PAST).exclude(long_cancelled)
    return recent.select_related("patient", "branch").order_by("starts_at", "pk")


def state_of(feed: CalendarFeed, visits: list[Appointment]) -> str:
    """A hash of all that the calendar says; another one when anything differs."""
    shown = [
        (
            *(visit.reference, visit.sequence, visit.status, visit.starts_at, visit.ends_at, visit.mode),
            *(visit.branch.name, visit.branch.address_lines, _summary(feed, visit)),
        )
        for visit in visits
    ]
    about = (feed.reference, get_language(), settings.HOSPITAL["name"], shown)
    return sha256(repr(about).encode()).hexdigest()[:32]


def calendar_of(feed: CalendarFeed, visits: list[Appointment], page_of) -> bytes:
    """`page_of` gives the address of a visit's page."""
    calendar = Calendar()
    hospital = settings.HOSPITAL["name"]
    calendar.add("prodid", f"-//{hospital}//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", hospital)
    calendar.add("x-wr-calname", hospital)
    calendar.add("refresh-interval", READ_AGAIN_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(READ_AGAIN_EVERY))
    for visit in visits:
        event = event_of(visit, page_of(visit), STATUSES.get(visit.status, "CONFIRMED"))
        if summary := _summary(feed, visit):
            del event["summary"]
            event.add("summary", summary)
        calendar.add_component(event)
    return calendar.to_ical()


def _summary(feed: CalendarFeed, visit: Appointment) -> str:
    """Empty for the words that every calendar file has; confidential patients are never named."""
    if feed.shows_names and not visit.patient.is_confidential:
        return _("Appointment: %(patient)s") % {"patient": visit.patient.full_name}
    return _("Appointment") if feed.kind == FeedKind.DOCTOR else ""
