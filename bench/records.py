"""What past visits leave behind: records, prescriptions, results and bills, as services would write them."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import Patient
from bench.world import BATCH
from billing.models import Invoice, InvoiceLine, Payment
from clinical.models import (
    Diagnosis,
    Encounter,
    LabOrder,
    LabResult,
    LabTest,
    Prescription,
    PrescriptionItem,
)
from scheduling.models import Appointment

FEE = Decimal("500.00")
HAEMOGLOBIN = {
    "section": "laboratory", "kind": "number", "unit": "g/dL", "decimals": 1,
    "specimen": "blood", "container": "edta", "turnaround_hours": 4,
}  # fmt: skip
WITH_PRESCRIPTION, WITH_RESULT = 2, 4  # every second visit, every fourth


def plain(model: type[Model]) -> QuerySet:
    """A query set that neither logs nor refuses what is inserted."""
    return QuerySet(model)


def add_patients(count: int) -> None:
    """Patients who have no login."""
    rows = [
        Patient(
            mrn=f"H{n:06}", full_name=f"Patient {n}", date_of_birth=date(1950 + n % 60, 1, 1), gender="male"
        )
        for n in range(count)
    ]
    for row in rows:
        row.set_keys()
    plain(Patient).bulk_create(rows, batch_size=BATCH)


def add_records() -> None:
    """For each past visit a signed record and a paid bill; for some a prescription, for some a result."""
    test = LabTest.objects.create(code="bench-hb", name="Haemoglobin of the bench", **HAEMOGLOBIN)
    visits = Appointment.objects.filter(status="completed").order_by("pk")
    last = 0
    while batch := list(visits.filter(pk__gt=last).select_related("doctor")[:BATCH]):
        last = batch[-1].pk
        for rows in (_clinical(batch), _laboratory(batch, test), _bills(batch)):
            for each in rows:
                plain(type(each[0])).bulk_create(each)


def _clinical(visits: list[Appointment]) -> Iterator[list[Model]]:
    encounters = [
        Encounter(
            patient_id=visit.patient_id, appointment=visit, status="signed", signed_at=visit.ends_at,
            recorded_at=visit.ends_at, advice="Rest, drink enough, come back if it does not get better.",
        )
        for visit in visits
    ]  # fmt: skip
    yield encounters
    yield [
        Diagnosis(patient_id=one.patient_id, encounter_id=one.pk, title="Acute pharyngitis", code="J02.9")
        for one in encounters
    ]
    prescriptions = [
        Prescription(
            patient_id=visit.patient_id, appointment=visit, doctor_id=visit.doctor_id, status="signed",
            signed_at=visit.ends_at, recorded_at=visit.ends_at,
            valid_until=timezone.localdate(visit.ends_at) + timedelta(days=30),
        )
        for visit in visits[::WITH_PRESCRIPTION]
    ]  # fmt: skip
    yield prescriptions
    yield [
        PrescriptionItem(
            patient_id=one.patient_id, prescription_id=one.pk, position=position, name=name, form="tablet",
            dose=1, dose_unit="unit", schedule="1-0-1", duration_days=5, quantity=10,
        )
        for one in prescriptions
        for position, name in enumerate(("PARACETAMOL", "CETIRIZINE"), 1)
    ]  # fmt: skip


def _laboratory(visits: list[Appointment], test: LabTest) -> Iterator[list[Model]]:
    orders = [
        LabOrder(
            patient_id=visit.patient_id, appointment=visit, doctor_id=visit.doctor_id, test=test,
            status="released", label=f"B{visit.pk}", due_at=visit.ends_at, collected_at=visit.ends_at,
            resulted_at=visit.ends_at, verified_at=visit.ends_at, released_at=visit.ends_at,
        )
        for visit in visits[::WITH_RESULT]
    ]  # fmt: skip
    yield orders
    yield [
        LabResult(
            patient_id=one.patient_id, order_id=one.pk, status="acknowledged", value=Decimal("13.5"),
            unit="g/dL", low=12, high=16, flag="normal", verified_at=one.verified_at,
            released_at=one.released_at, acknowledged_at=one.released_at,
        )
        for one in orders
    ]  # fmt: skip


def _bills(visits: list[Appointment]) -> Iterator[list[Model]]:
    parts = {"taxable_value": FEE, "cgst": 0, "sgst": 0, "total": FEE}
    invoices = [
        Invoice(
            patient_id=visit.patient_id, appointment=visit, status="issued", number=f"B/{visit.pk}",
            issued_at=visit.ends_at, created_at=visit.ends_at, idempotency_key=f"bench {visit.pk}", **parts,
        )
        for visit in visits
    ]  # fmt: skip
    yield invoices
    yield [
        InvoiceLine(
            invoice_id=one.pk, position=1, kind="consultation", description="Consultation", unit_price=FEE,
            treatment="exempt", rate=0, **parts,
        )
        for one in invoices
    ]  # fmt: skip
    yield [
        Payment(
            invoice_id=one.pk, amount=FEE, method="cash", gateway="desk", status="captured",
            idempotency_key=one.idempotency_key, created_at=one.issued_at, captured_at=one.issued_at,
            closed_at=one.issued_at,
        )
        for one in invoices
    ]  # fmt: skip
