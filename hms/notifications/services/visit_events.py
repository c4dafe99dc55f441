"""Events of visits, and the messages that the worker writes from them.

An event is one row, written with its fact: a booking renders nothing and asks nobody's address. The worker
writes the messages from the visit as it is then; an event that is no longer true is told to nobody.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import override

from clinical.models import Review
from hms.core.locks import lock_rows
from hms.core.transactions import retried_atomic
from hms.notifications.models import Notification, VisitEvent
from hms.notifications.people import Reader, Readers
from hms.notifications.services.outbox import language_of
from hms.notifications.statuses import Channel, Kind
from hms.notifications.visit_words import calendar_of, values_of
from hms.notifications.wording import Words
from scheduling.link_codes import with_end_of_care
from scheduling.models import Appointment, Offer

logger = logging.getLogger(__name__)

BATCH = 200
AGAIN_AFTER = timedelta(hours=1)


def note_event(
    *,
    kind: str,
    appointment: Appointment,
    sequence: int = 0,
    minutes: int = 0,
    was_at: datetime | None = None,
    is_by_patient: bool = True,
    due_at: datetime | None = None,
) -> None:
    """Write an event of a visit once, in the transaction of its fact."""
    event = VisitEvent(
        appointment=appointment,
        kind=kind,
        starts_at=appointment.starts_at,
        sequence=sequence,
        minutes=minutes,
        was_at=was_at,
        is_by_patient=is_by_patient,
        due_at=due_at or timezone.now(),
    )
    VisitEvent.objects.bulk_create([event], ignore_conflicts=True)


def write_messages() -> int:
    """Write the messages of all events that are due; returns how many messages."""
    written = 0
    while (count := _write_batch()) is not None:
        written += count
    return written


@retried_atomic
def _write_batch() -> int | None:
    """Write the messages of some events; another worker waits for their rows and then finds them done."""
    events = lock_rows(VisitEvent.objects.waiting()[:BATCH])
    if not events:
        return None
    told = _still_true(events)
    readers, words = Readers([event.appointment for event in told]), Words()
    rows, failed = [], []
    for event in told:
        try:
            rows += _messages(event, readers, words)
        except Exception:  # a fault in one message must not stop the others
            logger.exception("The messages of event %s are left for later", event.pk)
            failed.append(event.pk)
    Notification.objects.bulk_create(rows)
    seen, now = VisitEvent.objects.filter(pk__in=[event.pk for event in events]), timezone.now()
    seen.filter(pk__in=failed).update(due_at=now + AGAIN_AFTER)
    seen.exclude(pk__in=failed).update(done_at=now)
    return len(rows)


def _still_true(events: Iterable[VisitEvent]) -> list[VisitEvent]:
    rows = Appointment.objects.select_related(
        "patient__preferred_language", "doctor__specialization", "branch"
    )
    visits = with_end_of_care(rows).in_bulk([event.appointment_id for event in events])
    for event in events:
        event.appointment = visits[event.appointment_id]
    not_told = _reviewed(events) | _displaced(events)
    return [event for event in events if event.is_true and (event.kind, event.appointment_id) not in not_told]


def _reviewed(events: Iterable[VisitEvent]) -> set[tuple[str, int]]:
    """Nobody is asked for a review who has written one."""
    asked = [event.appointment_id for event in events if event.kind == Kind.REVIEW_ASKED]
    reviewed = Review.objects.filter(appointment__in=asked) if asked else Review.objects.none()
    return {(Kind.REVIEW_ASKED, visit) for visit in reviewed.values_list("appointment", flat=True)}


def _displaced(events: Iterable[VisitEvent]) -> set[tuple[str, int]]:
    """Nobody is reminded of a visit that the doctor cannot keep."""
    reminded = [event.appointment_id for event in events if event.kind == Kind.REMINDER]
    displaced = Offer.objects.displaced_visits().filter(displaced__in=reminded)
    return {(Kind.REMINDER, visit) for visit in displaced.values_list("displaced", flat=True)}


def _messages(event: VisitEvent, readers: Readers, words: Words) -> list[Notification]:
    found = (_message(event, reader, words) for reader in readers.of(event.appointment, event.kind))
    return [row for row in found if row.body]


def _message(event: VisitEvent, reader: Reader, words: Words) -> Notification:
    language = language_of(reader.record)
    wording = words.of(event.kind, language)
    with override(language):
        values = values_of(event)
        if reader.channel == Channel.SMS:
            said = wording.as_sms(values)
        else:
            said = wording.email(values) | {"calendar": calendar_of(event, reader.address)}
    said["subject"] = said.get("subject", "")[: Notification._meta.get_field("subject").max_length]
    return Notification(
        kind=event.kind,
        channel=reader.channel,
        recipient=reader.address,
        patient=event.appointment.patient,
        event=event,
        idempotency_key=f"event/{event.pk}/{reader.channel}",
        **said,
    )
