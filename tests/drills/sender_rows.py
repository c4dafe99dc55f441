"""What the drill of the senders reads and writes in the database."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Patient
from hms.notifications.models import Notification, VisitEvent
from scheduling.models import Appointment
from tests.factories import BranchFactory, DoctorFactory, PatientFactory
from tests.notifications.mail_server import ACCEPTS, MailServer


def fill(visits: int) -> None:
    """Booked visits of which people are to be reminded now, a day before."""
    doctor, branch, now = DoctorFactory(), BranchFactory(), timezone.now()
    people = [
        PatientFactory.build(email=f"p{n}@example.org", mrn=f"D{n:08}", phone="", preferred_language=None)
        for n in range(visits)
    ]
    Patient.objects.bulk_create(people, batch_size=500)
    starts_at = now + timedelta(hours=23)
    rows = [
        Appointment(
            patient=patient, doctor=doctor, branch=branch, starts_at=starts_at, source="desk",
            ends_at=starts_at + timedelta(minutes=10), status="booked", booked_at=now - timedelta(days=3),
        )
        for patient in people
    ]  # fmt: skip
    Appointment.objects.bulk_create(rows, batch_size=500)


def sink() -> MailServer:
    return MailServer(lambda _to: ACCEPTS)


def is_done(visits: int) -> bool:
    waiting = Notification.objects.filter(status="waiting")
    events = VisitEvent.objects.filter(done_at=None)
    return Notification.objects.count() >= visits and not waiting.exists() and not events.exists()


def is_due() -> bool:
    return Notification.objects.filter(status="waiting", due_at__lte=timezone.now()).exists()


def let_claims_run_out() -> None:
    """As if ten minutes had passed since a worker was killed."""
    Notification.objects.filter(status="waiting").update(due_at=timezone.now())
