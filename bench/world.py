"""A hospital to measure: doctors with full days, patients who are logged in, and a history."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Guardianship, Patient, User
from bench.models import Tick
from scheduling.availability import offered_slots
from scheduling.models import (
    Appointment,
    Branch,
    Department,
    Doctor,
    PatientClaim,
    SlotClaim,
    Specialization,
    WeeklySchedule,
)
from scheduling.services.claims import patient_claims, slot_claims

DOCTORS = 32
SLOT_MINUTES = 15
BATCH = 2_000
OPEN, CLOSE = time(8), time(20)


@dataclass(frozen=True)
class Client:
    """A logged-in patient and the doctor whose times this patient alone books."""

    session: str
    patient: str
    doctor: str
    doctor_id: int


def build() -> list[Client]:
    """Create the hospital in an empty database; returns its clients."""
    Tick.objects.bulk_create([Tick(name=f"tick-{n}", at=timezone.now()) for n in range(1_000)])
    branch = Branch.objects.create(code="main", name="Main")
    department = Department.objects.create(slug="general", name="General", opens_at=OPEN, closes_at=CLOSE)
    return [_client(n, branch, department) for n in range(DOCTORS)]


def _client(n: int, branch: Branch, department: Department) -> Client:
    specialization, _new = Specialization.objects.get_or_create(name="General")
    doctor = Doctor.objects.create(
        department=department,
        full_name=f"Doctor {n}",
        registration_number=f"B-{n}",
        registration_expires_on=date(2099, 1, 1),
        specialization=specialization,
        category="consultant",
        degree="MBBS",
        practising_since=2000,
        fee=Decimal(500),
    )
    for weekday in range(7):
        WeeklySchedule.objects.create(
            doctor=doctor, branch=branch, weekday=weekday, starts_at=OPEN, ends_at=CLOSE,
            slot_minutes=SLOT_MINUTES, valid_from=date(2000, 1, 1),
        )  # fmt: skip
    user = User.objects.create_user(f"client{n}@example.org", full_name=f"Client {n}")
    patient = Patient.objects.create(
        mrn=f"B{n:06}", full_name=f"Client {n}", date_of_birth=date(1980, 1, 1), gender="female"
    )
    Guardianship.objects.create(user=user, patient=patient, relation="self", consented_by=user)
    return Client(_login(user), patient.reference, doctor.reference, doctor.pk)


def _login(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def free_times(client: Client) -> list[datetime]:
    """Every free time of the client's doctor, from the day after tomorrow on."""
    doctor = Doctor.objects.select_related("department").get(pk=client.doctor_id)
    first = timezone.localdate() + timedelta(days=2)
    return [slot.starts_at for slot in offered_slots([doctor], first, first + timedelta(days=27))[doctor.pk]]


def add_history(count: int) -> None:
    """Add `count` past visits with their claims, as if nobody had ever purged any."""
    doctors, patients = list(Doctor.objects.order_by("pk")), list(Patient.objects.order_by("pk"))
    stored = Appointment.objects.count()
    rows = (_visit(n, doctors, patients) for n in range(stored, stored + count))
    while batch := [row for row, _n in zip(rows, range(BATCH), strict=False)]:
        QuerySet.bulk_create(Appointment.objects.all(), batch)
        SlotClaim.objects.bulk_create([claim for row in batch for claim in slot_claims(row)])
        PatientClaim.objects.bulk_create([claim for row in batch for claim in patient_claims(row)])


def _visit(n: int, doctors: list[Doctor], patients: list[Patient]) -> Appointment:
    """The n-th visit, counted back from yesterday: every slot of every doctor in turn."""
    per_day = (CLOSE.hour - OPEN.hour) * 60 // SLOT_MINUTES
    round_, doctor = divmod(n, len(doctors))
    days, slot = divmod(round_, per_day)
    day = timezone.localdate() - timedelta(days=days + 1)
    starts_at = datetime.combine(day, OPEN, tzinfo=timezone.get_current_timezone())
    starts_at += timedelta(minutes=SLOT_MINUTES * slot)
    return Appointment(
        patient=patients[n % len(patients)], doctor=doctors[doctor], branch_id=1, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=SLOT_MINUTES), status="completed", source="web",
        idempotency_key=uuid.uuid4().hex,
    )  # fmt: skip
