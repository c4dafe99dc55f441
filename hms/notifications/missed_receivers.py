"""After a no-show: tell the patient, or the login that booked, kindly, and how to book again."""

from datetime import timedelta

from django.dispatch import receiver
from django.utils import timezone

from accounts.models import Guardianship, Scope
from hms.notifications.links import address_of
from hms.notifications.receivers import own_record_of
from hms.notifications.services import queue_notification
from hms.notifications.statuses import Kind
from scheduling.models import Appointment
from scheduling.signals import appointment_missed

# Nobody is told of what is entered long afterwards.
TOLD_WITHIN = timedelta(days=3)


@receiver(appointment_missed)
def tell_of_the_missed_visit(appointment, **_kwargs):
    if timezone.now() - appointment.starts_at > TOLD_WITHIN:
        return
    address, reader = reader_of(appointment)
    if not address:
        return
    page = address_of("scheduling:explain-missed", appointment.reference)
    queue_notification(
        kind=Kind.MISSED,
        to=address,
        patient=appointment.patient,
        reader=reader,
        context={"visit": appointment, "address": page},
        key=f"missed/{appointment.reference}",
    )


def reader_of(visit: Appointment) -> tuple:
    """The address of the login that booked, if it may, else of the patient; and whose language it is."""
    patient = visit.patient
    if not patient.wants_email:
        return "", patient
    booker = visit.booked_by
    may_book = Guardianship.objects.in_force().filter(patient=patient, **{Scope.BOOK: True})
    if booker is not None and booker.is_active and may_book.filter(user=booker).exists():
        own = own_record_of(booker) or patient
        return (booker.email if own.wants_email else ""), own
    return patient.email, patient
