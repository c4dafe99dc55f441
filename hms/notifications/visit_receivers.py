"""Writes an event for each fact about a visit of which people are told, in the transaction of the fact."""

from datetime import timedelta

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone

from hms.notifications.quiet import after_quiet
from hms.notifications.services import note_event
from hms.notifications.statuses import Kind
from scheduling.signals import (
    appointment_booked,
    appointment_cancelled,
    appointment_completed,
    appointment_rescheduled,
    doctor_runs_late,
)

REVIEW_AFTER = timedelta(days=1)
# Visits that are entered later than this are not asked about.
ENTERED_WITHIN = timedelta(days=2)


@receiver(appointment_booked)
def tell_of_the_booking(appointment, **_kwargs):
    note_event(kind=Kind.BOOKED, appointment=appointment)


@receiver(appointment_rescheduled)
def tell_of_the_move(appointment, was_at, is_by_patient, **_kwargs):
    what = {"sequence": appointment.sequence, "was_at": was_at, "is_by_patient": is_by_patient}
    note_event(kind=Kind.MOVED, appointment=appointment, **what)


@receiver(appointment_cancelled)
def tell_of_the_cancellation(appointment, is_by_patient, **_kwargs):
    """A hold that is given up was never agreed, and needs no message."""
    if appointment.booked_at is not None:
        what = {"sequence": appointment.sequence, "is_by_patient": is_by_patient}
        note_event(kind=Kind.CANCELLED, appointment=appointment, **what)


@receiver(doctor_runs_late)
def tell_of_the_delay(appointment, minutes, **_kwargs):
    note_event(kind=Kind.DOCTOR_LATE, appointment=appointment, minutes=minutes)


@receiver(appointment_completed)
def ask_for_a_review(appointment, **_kwargs):
    now = timezone.now()
    if settings.NOTIFICATIONS["asks_for_reviews"] and now - appointment.starts_at < ENTERED_WITHIN:
        note_event(kind=Kind.REVIEW_ASKED, appointment=appointment, due_at=after_quiet(now + REVIEW_AFTER))
