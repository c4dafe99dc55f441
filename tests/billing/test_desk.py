"""Payments at the front desk."""

from decimal import Decimal

import pytest

from billing.exceptions import AlreadyPaid, BillClosed
from billing.models import Payment, Receipt
from billing.services import agree_to_pay_at_desk, take_desk_payment
from billing.statuses import GatewayCode, PaymentStatus
from hms.core.refusals import NotAllowed
from scheduling.services import cancel_appointment
from scheduling.statuses import AppointmentStatus
from tests.billing.rows import booked, cashier, held, paid, staff_with
from tests.factories import carer_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B04")]

D = Decimal


def take(scene, by, key="key-00000001", method="cash") -> Payment:
    return take_desk_payment(appointment=scene.visit, method=method, by=by, idempotency_key=key)


def test_agreeing_to_pay_at_the_desk_books_and_leaves_the_bill_open():
    scene = held()

    visit = agree_to_pay_at_desk(appointment=scene.visit, by=scene.carer)

    assert visit.status == AppointmentStatus.BOOKED
    assert (scene.invoice.total, scene.invoice.is_due) == (D("559.00"), True)
    assert not Payment.objects.exists()


def test_agreeing_twice_changes_nothing():
    scene = held()

    for _n in range(2):
        agree_to_pay_at_desk(appointment=scene.visit, by=scene.carer)

    assert scene.invoice.lines.count() == 2


def test_agreeing_for_another_carers_patient_is_refused_and_writes_nothing():
    scene, stranger = held(), carer_of(held().patient)

    with pytest.raises(NotAllowed):
        agree_to_pay_at_desk(appointment=scene.visit, by=stranger)

    scene.visit.refresh_from_db()
    assert scene.visit.status == AppointmentStatus.HELD
    assert not scene.visit.invoices.exists()


@pytest.mark.parametrize("method", ["cash", "card", "upi"])
def test_money_taken_at_the_desk_is_paid_with_a_receipt(method):
    scene, clerk = booked(), cashier()

    payment = take(scene, clerk, method=method)

    assert (payment.status, payment.gateway, payment.amount, payment.by) == (
        PaymentStatus.CAPTURED, GatewayCode.DESK, D("559.00"), clerk,
    )  # fmt: skip
    assert payment.receipt.frozen["payment"]["gateway"] == "Front desk"


def test_the_same_key_takes_the_money_once():
    scene, clerk = booked(), cashier()

    payments = {take(scene, clerk).pk for _n in range(2)}

    assert set(Payment.objects.values_list("pk", flat=True)) == payments
    assert Receipt.objects.count() == 1


def test_a_paid_visit_is_not_paid_again():
    scene = held()
    paid(scene)

    with pytest.raises(AlreadyPaid):
        take(scene, cashier(), "key-00000002")


def test_taking_money_for_a_held_time_books_it():
    scene = held()

    take(scene, cashier())

    scene.visit.refresh_from_db()
    assert scene.visit.status == AppointmentStatus.BOOKED


def test_money_for_a_cancelled_visit_is_not_taken():
    scene = booked()
    cancel_appointment(appointment=scene.visit, by=scene.carer)

    with pytest.raises(BillClosed):
        take(scene, cashier())


def test_without_the_right_money_is_not_taken():
    scene = booked()

    with pytest.raises(NotAllowed):
        take(scene, staff_with("billing.view_payment"))
    with pytest.raises(NotAllowed):
        take(scene, scene.carer)

    assert not Payment.objects.exists()
