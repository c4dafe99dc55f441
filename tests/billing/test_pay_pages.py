"""The bank's page and the payment page after it: paid, declined, unanswered, late."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from billing.models import Payment, Refund, SimulatedDelivery
from billing.services import refund_payment
from billing.statuses import PaymentStatus
from scheduling.services import cancel_appointment
from scheduling.statuses import AppointmentStatus
from tests.billing.rows import booked, cashier, held, paid, started, status_of, take_the_time
from tests.factories import at, carer_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B04")]

D = Decimal


def bank(payment: Payment) -> str:
    return f"/pay/simulated/{payment.reference}/"


def press(client, payment: Payment, outcome: str):
    return client.post(bank(payment), {"outcome": outcome}, follow=True)


def test_the_bank_looks_like_a_bank_and_shows_the_amount(client, scene):
    payment = started(scene)

    text = client.get(bank(payment)).content.decode()

    assert '<body class="gateway">' in text
    assert "₹559.00" in text
    assert [f'value="{outcome}"' in text for outcome in ("paid", "declined", "late")] == [True] * 3


def test_a_paid_payment_redirects_to_the_confirmation(client, scene):
    payment = started(scene)

    answer = press(client, payment, "paid")

    assert answer.redirect_chain[-1][0] == f"/book/{scene.visit.reference}/done/"
    assert status_of(payment) == PaymentStatus.CAPTURED


def test_a_declined_payment_is_explained_and_can_be_repeated_during_the_hold(client, scene):
    payment = started(scene)

    answer = press(client, payment, "declined")

    text = answer.content.decode()
    assert "The bank declined the payment." in text
    assert f'href="/book/{scene.visit.reference}/check/"' in text
    assert (status_of(payment), status_of(scene.visit)) == (PaymentStatus.FAILED, AppointmentStatus.HELD)


def test_a_payment_after_a_declined_one_books(client, scene):
    press(client, started(scene, "key-00000001"), "declined")

    answer = press(client, started(scene, "key-00000002"), "paid")

    assert answer.redirect_chain[-1][0] == f"/book/{scene.visit.reference}/done/"


def test_an_unanswered_payment_waits(client, scene):
    payment = started(scene)

    text = client.get(f"/pay/{payment.reference}/").content.decode()

    assert "We are waiting for your bank" in text
    assert f'href="{bank(payment)}"' in text
    assert status_of(payment) == PaymentStatus.CREATED


def test_pressing_twice_pays_once(client, scene):
    payment = started(scene)

    answers = [press(client, payment, "paid") for _n in range(2)]

    assert answers[0].redirect_chain[-1] == answers[1].redirect_chain[-1]
    assert SimulatedDelivery.objects.count() == 1


def test_a_second_button_does_nothing(client, scene):
    payment = started(scene)
    press(client, payment, "declined")

    press(client, payment, "paid")

    assert status_of(payment) == PaymentStatus.FAILED


def test_a_late_payment_can_be_delivered_at_once(client, scene):
    payment = started(scene)
    waiting = press(client, payment, "late").content.decode()
    coming = client.get(bank(payment)).content.decode()

    press(client, payment, "deliver")

    assert "We are waiting for your bank" in waiting
    assert 'value="deliver"' in coming
    assert 'value="paid"' not in coming
    assert (status_of(payment), status_of(scene.visit)) == (
        PaymentStatus.CAPTURED, AppointmentStatus.BOOKED,
    )  # fmt: skip


def test_a_payment_after_the_time_is_taken_is_refunded_with_the_reason(client, scene):
    payment = started(scene)
    press(client, payment, "late")

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        take_the_time(scene)
        answer = press(client, payment, "deliver")

    text = answer.content.decode()
    assert "Your refund is on its way" in text
    assert "The time was no longer free when the payment arrived." in text
    assert "The appointment was not booked." in text
    assert "You paid ₹559.00. ₹559.00 is refunded the way you paid" in text
    assert Refund.objects.get().amount == D("559.00")


@pytest.mark.parametrize("outcome", ["", "refund", "PAID"])
def test_a_button_that_does_not_exist_is_refused(client, scene, outcome):
    payment = started(scene)

    assert client.post(bank(payment), {"outcome": outcome}).status_code == 400
    assert status_of(payment) == PaymentStatus.CREATED


def test_opening_the_banks_page_pays_nothing(client, scene):
    payment = started(scene)

    client.get(bank(payment), {"outcome": "paid"})

    assert status_of(payment) == PaymentStatus.CREATED


@pytest.mark.parametrize(
    "path", ["/pay/simulated/{}/", "/pay/{}/", "/me/bills/{}/receipt/", "/me/bills/{}/receipt.pdf"]
)
def test_somebody_elses_payment_is_not_found(client, path):
    theirs = paid(held())
    client.force_login(carer_of(held(at(10)).patient))

    answer = client.get(path.format(theirs.reference))

    assert (answer.status_code, "559" in answer.text) == (404, False)


def test_somebody_elses_payment_cannot_be_decided(client):
    theirs = started(held())
    client.force_login(carer_of(held(at(10)).patient))

    assert client.post(bank(theirs), {"outcome": "paid"}).status_code == 404
    assert status_of(theirs) == PaymentStatus.CREATED


@pytest.mark.parametrize("rights", [{"may_pay": False}, {"revoked_at": timezone.now()}])
def test_without_the_right_to_pay_the_payment_is_not_found(client, rights):
    scene = held()
    payment = started(scene)
    client.force_login(carer_of(scene.patient, **rights))

    assert client.get(bank(payment)).status_code == 404
    assert client.get(f"/pay/{payment.reference}/").status_code == 404


def test_a_visit_refunded_after_cancelling_says_so(client, scene):
    payment = paid(scene)
    cancel_appointment(appointment=scene.visit, by=scene.carer)

    text = client.get(f"/pay/{payment.reference}/").content.decode()

    assert "The appointment was cancelled." in text


def test_a_booked_visit_can_be_paid_from_its_bill(client):
    scene = booked()
    client.force_login(scene.carer)
    address = f"/me/bills/{scene.invoice.reference}/pay/"

    shown = client.get(address)
    sent = client.post(address, {"pay": "upi", "key": "key-00000001", "total": "559.00"})

    assert "Pay ₹559.00" in shown.content.decode()
    assert sent.url == bank(scene.payment)


def test_a_paid_bill_cannot_be_paid_again(client, scene):
    paid(scene)

    answer = client.post(f"/me/bills/{scene.invoice.reference}/pay/", {"pay": "card", "total": "559.00"})

    assert answer.url == "/me/bills/"
    assert Payment.objects.count() == 1


def test_somebody_elses_bill_cannot_be_paid(client):
    theirs = booked()
    client.force_login(carer_of(held(at(10)).patient))

    answer = client.post(f"/me/bills/{theirs.invoice.reference}/pay/", {"pay": "card"})

    assert answer.status_code == 404
    assert not Payment.objects.exists()


def test_a_partial_refund_shows_both_amounts(client, scene):
    payment = paid(scene)
    refund_payment(
        payment=payment, amount=D("59.00"), reason="Kindness", by=cashier(), idempotency_key="key-00000001"
    )

    text = client.get(f"/pay/{payment.reference}/").content.decode()

    assert "You paid ₹559.00. ₹59.00 is refunded" in text
