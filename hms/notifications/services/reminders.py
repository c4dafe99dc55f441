"""Reminders, found from the visits as they are when the reminders are due.

The event of a reminder is unique for the visit, its time and the lead: however many workers run and however
often they are killed, it is written once, and people are reminded of the new time of a moved visit.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from hms.notifications.models import VisitEvent
from hms.notifications.quiet import reminded_at
from hms.notifications.statuses import Kind
from scheduling.models import Appointment, Offer
from scheduling.statuses import AppointmentStatus

BATCH = 500


def note_reminders() -> int:
    """Write the events of all reminders that are due now; returns how many."""
    return sum(_note_all(lead, shorter) for lead, shorter in leads())


def leads() -> Iterator[tuple[timedelta, timedelta]]:
    """How long before a visit people are reminded of it, each with the next shorter one (or nothing)."""
    all_leads = sorted({timedelta(hours=hours) for hours in settings.NOTIFICATIONS["reminder_hours"]})
    yield from zip(all_leads, [timedelta(0), *all_leads], strict=False)


def _note_all(lead: timedelta, shorter: timedelta) -> int:
    now, noted = timezone.now(), 0
    while visits := list(to_remind(lead, shorter, now)[:BATCH]):
        VisitEvent.objects.bulk_create([_event(visit, lead, now) for visit in visits], ignore_conflicts=True)
        noted += len(visits)
    return noted


def _event(visit: Appointment, lead: timedelta, now: datetime) -> VisitEvent:
    return VisitEvent(
        appointment=visit,
        kind=Kind.REMINDER,
        starts_at=visit.starts_at,
        minutes=lead // timedelta(minutes=1),
        due_at=reminded_at(now, visit.starts_at),
    )


def to_remind(lead: timedelta, shorter: timedelta, now: datetime) -> QuerySet[Appointment]:
    """Booked visits of which nobody has been reminded this long before, though it is time.

    Not those that were booked or moved later, nor those of which the next shorter reminder is due as well,
    nor those for which the hospital seeks another time.
    """
    events = VisitEvent.objects.filter(appointment=OuterRef("pk"), starts_at=OuterRef("starts_at")).order_by()
    reminded = events.filter(kind=Kind.REMINDER, minutes=lead // timedelta(minutes=1))
    moved_late = events.filter(kind=Kind.MOVED, created_at__gt=OuterRef("starts_at") - lead)
    visits = Appointment.objects.filter(
        status=AppointmentStatus.BOOKED,
        starts_at__gt=now + shorter,
        starts_at__lte=now + lead,
        booked_at__lte=F("starts_at") - lead,
    )
    visits = visits.exclude(pk__in=Offer.objects.displaced_visits())
    return visits.exclude(Exists(reminded)).exclude(Exists(moved_late)).order_by("starts_at", "pk")
