"""Rows for the billing tests: held and booked visits, payments, front desk staff."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import Patient, User
from billing.models import Invoice, Payment
from billing.services import open_invoice, settle_payment, start_payment
from billing.statuses import GatewayCode, Method
from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Doctor
from scheduling.services import book_appointment, hold_slot
from tests.factories import PatientFactory, UserFactory, at, carer_of, doctor_with_hours

D = Decimal


@dataclass
class Scene:
    """A patient, their carer, a doctor and a visit."""

    patient: Patient
    carer: User
    doctor: Doctor
    visit: Appointment

    @property
    def invoice(self) -> Invoice:
        return Invoice.objects.get(appointment=self.visit)

    @property
    def payment(self) -> Payment:
        return Payment.objects.get(invoice__appointment=self.visit)


def held(starts_at: datetime | None = None, doctor: Doctor | None = None, **fields) -> Scene:
    """A time held for ten minutes by the patient's carer."""
    patient = PatientFactory(**fields)
    carer, doctor = carer_of(patient), doctor or doctor_with_hours()
    visit = hold_slot(patient=patient, doctor=doctor, starts_at=starts_at or at(9), by=carer)
    return Scene(patient, carer, doctor, visit)


def booked(starts_at: datetime | None = None, doctor: Doctor | None = None) -> Scene:
    patient = PatientFactory()
    carer, doctor = carer_of(patient), doctor or doctor_with_hours()
    visit = book_appointment(patient=patient, doctor=doctor, starts_at=starts_at or at(9), by=carer)
    return Scene(patient, carer, doctor, visit)


def take_the_time(scene: Scene) -> None:
    """Book the time of the visit for another patient."""
    other = PatientFactory()
    book_appointment(patient=other, doctor=scene.doctor, starts_at=scene.visit.starts_at, by=carer_of(other))


def started(scene: Scene, key: str = "key-00000001", method: str = Method.CARD) -> Payment:
    """An online payment that the bank has not answered."""
    invoice = open_invoice(appointment=scene.visit, by=scene.carer)
    return start_payment(
        invoice=invoice,
        method=method,
        gateway=GatewayCode.SIMULATED,
        by=scene.carer,
        idempotency_key=key,
    )


def settle(payment: Payment) -> Payment:
    """Settle the payment as the bank's message does."""
    return settle_payment(payment=payment, gateway_reference=f"PB-{payment.reference}", by=SYSTEM)


def paid(scene: Scene, key: str = "key-00000001") -> Payment:
    return settle(started(scene, key))


def status_of(row: Payment | Scene) -> str:
    """The stored status of a payment or a visit."""
    row = row.visit if isinstance(row, Scene) else row
    row.refresh_from_db()
    return row.status


def later(minutes: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes))


def staff_with(*permissions: str) -> User:
    """A member of staff without a role and with exactly these rights."""
    user = UserFactory(is_staff=True)
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


def cashier() -> User:
    return staff_with(
        "accounts.view_every_patient",
        "scheduling.view_every_appointment",
        "scheduling.book_for_others",
        "billing.view_invoice",
        "billing.view_payment",
        "billing.view_receipt",
        "billing.view_refund",
        "billing.take_payment",
        "billing.refund_payment",
    )


def list_of(model: str) -> str:
    return f"/admin/billing/{model}/"


def take(scene) -> str:
    return reverse("admin:take-desk-payment", args=[scene.visit.reference])
