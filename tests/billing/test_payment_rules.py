"""Payments that services refuse or give up, and rows that the database refuses."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.exceptions import AlreadyPaid, BillClosed, HoldExpired, MethodNotOffered, NothingToPay
from billing.models import BillingProfile, Payment
from billing.services import (
    abandon_payments,
    open_invoice,
    settle_payment,
    start_payment,
)
from billing.statuses import PaymentStatus
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.services import cancel_appointment
from scheduling.statuses import AppointmentStatus
from tests.billing.rows import booked, held, later, paid, settle, started, status_of
from tests.factories import UserFactory, at, carer_of, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B04")]

D = Decimal
S = AppointmentStatus


def test_a_visit_booked_to_be_paid_at_the_desk_can_be_paid_online():
    scene = booked()

    settle(started(scene))

    assert (scene.invoice.is_paid, status_of(scene)) == (True, S.BOOKED)


def test_paying_a_paid_bill_is_refused():
    scene = held()
    paid(scene)

    with pytest.raises(AlreadyPaid):
        started(scene, "key-00000002")


def test_paying_after_the_hold_is_refused():
    scene = held()

    with later(minutes=11), pytest.raises(HoldExpired):
        started(scene)

    assert not Payment.objects.exists()


def test_paying_for_a_cancelled_visit_is_refused():
    scene = held()
    invoice = open_invoice(appointment=scene.visit, by=scene.carer)
    cancel_appointment(appointment=scene.visit, by=scene.carer)

    with pytest.raises(BillClosed):
        start_payment(
            invoice=invoice, method="card", gateway="simulated", by=scene.carer, idempotency_key="k"
        )


def test_a_visit_that_costs_nothing_is_not_paid():
    BillingProfile.objects.update(service_charge=D("0.00"))
    scene = held(doctor=doctor_with_hours(fee=D("0.00")))

    with pytest.raises(NothingToPay):
        started(scene)


def test_paying_with_cash_online_is_refused():
    with pytest.raises(MethodNotOffered):
        started(held(), method="cash")


@pytest.mark.parametrize("rights", [None, {"may_pay": False}, {"revoked_at": "now"}])
def test_paying_without_the_right_to_pay_for_the_patient_is_refused(rights):
    scene = held()
    open_invoice(appointment=scene.visit, by=scene.carer)
    if rights is None:
        stranger = UserFactory()
    else:
        rights = {name: timezone.now() if value == "now" else value for name, value in rights.items()}
        stranger = carer_of(scene.patient, **rights)

    with pytest.raises(NotAllowed):
        start_payment(
            invoice=scene.invoice, method="card", gateway="simulated", by=stranger, idempotency_key="k"
        )


def test_unfinished_payments_are_given_up():
    old = started(held())
    with later(minutes=90):
        new = started(held(at(11, days=2)))
        gone = abandon_payments(before=timezone.now() - timedelta(hours=1))

    old.refresh_from_db()
    new.refresh_from_db()
    assert (gone, old.status, new.status) == (1, PaymentStatus.ABANDONED, PaymentStatus.CREATED)


def test_a_given_up_payment_can_still_be_captured():
    scene = held()
    payment = started(scene)
    abandon_payments(before=timezone.now() + timedelta(minutes=1))

    settle(payment)

    assert status_of(scene) == S.BOOKED


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": D("0.00")},
        {"refunded_amount": D("559.01")},
        {"refunded_amount": D("-0.01")},
        {"status": "paid"},
        {"captured_at": None},
        {"method": "cash"},
        {"gateway": "elsewhere"},
    ],
)
def test_the_database_refuses_a_payment_that_contradicts_itself(wrong):
    payment = paid(held())

    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(**wrong)


def test_a_transaction_id_belongs_to_one_payment():
    first, second = started(held()), started(held(at(10)))
    settle_payment(payment=first, gateway_reference="SAME", by=SYSTEM)

    with pytest.raises(IntegrityError), transaction.atomic():
        settle_payment(payment=second, gateway_reference="SAME", by=SYSTEM)


def test_the_times_of_a_payment_are_stored():
    payment = paid(held())

    assert isinstance(payment.captured_at, datetime)
    assert payment.created_at <= payment.captured_at == payment.closed_at
