"""Payments and refunds in the staff site."""

from decimal import Decimal

import pytest
from django.urls import reverse

from billing.models import Payment, Refund
from billing.services import refund_payment, take_desk_payment
from billing.statuses import RefundStatus
from hms.core.rights import SYSTEM
from scheduling.services import reschedule_appointment
from scheduling.statuses import AppointmentStatus
from tests.billing.rows import booked, held, list_of, paid, staff_with, take
from tests.factories import at, doctor_with_hours, staff
from tests.opened import boxes_of, opened, send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B04")]

D = Decimal


@pytest.fixture
def clerk(client):
    clerk = staff("billing_clerk")
    client.force_login(clerk)
    return clerk


def refund_of(payment: Payment) -> str:
    return reverse("admin:refund-payment", args=[payment.pk])


def pay(scene, clerk) -> Payment:
    return take_desk_payment(appointment=scene.visit, method="cash", by=clerk, idempotency_key="key-00000001")


def test_the_desk_sees_the_price_and_takes_the_money(client):
    client.force_login(staff("receptionist"))
    scene = booked()

    shown = client.get(take(scene)).content.decode()
    sent = client.post(take(scene), {"method": "upi", "key": "key-00000001"}, follow=True)

    payment = scene.payment
    assert "Take ₹559.00" in shown
    assert (payment.method, payment.status, payment.amount) == ("upi", "captured", D("559.00"))
    assert f"₹559.00 taken, receipt {payment.receipt.number}." in sent.content.decode()


def test_the_desk_does_not_take_another_amount_than_its_page_showed(client, clerk):
    """The visit was moved to a dearer doctor while the page was open."""
    scene = booked()
    old = opened(client, take(scene)) | {"method": "cash"}
    dearer = doctor_with_hours(fee=D("900.00"))
    reschedule_appointment(appointment=scene.visit, starts_at=at(9), doctor=dearer, by=SYSTEM)

    refused = client.post(take(scene), old)
    taken = Payment.objects.count()
    client.post(take(scene), boxes_of(refused) | {"method": "cash"})

    assert "The price has changed since this page was opened." in refused.content.decode()
    assert (taken, Payment.objects.get().amount) == (0, D("959.00"))


def test_a_double_click_takes_the_money_once(client, clerk):
    scene = booked()

    for _n in range(2):
        client.post(take(scene), {"method": "cash", "key": "key-00000001"})

    assert Payment.objects.count() == 1


def test_a_paid_visit_offers_no_second_payment_and_refuses_it(client, clerk):
    scene = held()
    paid(scene)

    shown = client.get(take(scene)).content.decode()
    sent = client.post(take(scene), {"method": "cash", "key": "key-00000002"})

    assert "Take ₹559.00" not in shown
    assert "This bill has been paid." in sent.content.decode()
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("fields", [{"method": "barter"}, {}])
def test_an_unknown_way_of_paying_is_refused_at_the_form(client, clerk, fields):
    scene = booked()

    answer = client.post(take(scene), fields | {"key": "key-00000001"})

    assert answer.context["form"].errors["method"]
    assert not Payment.objects.exists()


@pytest.mark.parametrize("role", ["doctor", "nurse", "auditor", "lab_technician"])
def test_other_roles_cannot_take_payments(client, role):
    client.force_login(staff(role))
    scene = booked()

    assert client.get(take(scene)).status_code == 403
    assert client.post(take(scene), {"method": "cash", "key": "key-00000001"}).status_code == 403
    assert client.get(list_of("payment")).status_code == 403
    assert not Payment.objects.exists()


def test_staff_who_may_take_payments_but_not_see_the_visit_get_404(client):
    client.force_login(staff_with("billing.take_payment", "billing.view_payment"))

    scene = booked()

    answer = client.get(take(scene))

    assert (answer.status_code, scene.patient.full_name in answer.text) == (404, False)


def test_a_refund_is_decided_with_amount_and_reason(client, clerk):
    payment = paid(held())

    send(client, refund_of(payment), {"amount": "59.00", "reason": "Waited", "key": "key-00000001"})

    assert list(Refund.objects.values_list("amount", "reason", "by")) == [(D("59.00"), "Waited", clerk.pk)]


@pytest.mark.feature("A06")
def test_a_concurrent_refund_is_shown_before_another_is_made(client, clerk):
    payment = paid(held())
    old = opened(client, refund_of(payment))
    key, other = "key-00000002", staff("billing_clerk")
    refund_payment(payment=payment, amount=D("59"), reason="Waited", by=other, idempotency_key=key)

    refused = client.post(refund_of(payment), old | {"amount": "59.00", "reason": "Waited"})
    before = Refund.objects.count()
    answers = boxes_of(refused)
    sent = [client.post(refund_of(payment), answers).status_code for _time in range(2)]

    assert (refused.status_code, before) == (409, 1)
    assert f"{other.full_name} changed this at" in refused.text
    assert "At most ₹500.00 can be refunded." in refused.text
    assert (sent, Refund.objects.count()) == ([302, 302], 2)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("559.01", "At most 559.00 can be refunded."),
        ("-5", "greater than or equal to 0.01"),
        ("x", "Enter a number."),
    ],
)
def test_an_impossible_refund_is_refused_at_the_form(client, clerk, amount, words):
    payment = paid(held())

    answer = send(client, refund_of(payment), {"amount": amount, "reason": "Waited", "key": "key-00000001"})

    assert words in answer.content.decode()
    assert not Refund.objects.exists()


def test_a_receptionist_cannot_refund(client):
    client.force_login(staff("receptionist"))
    payment = paid(held())

    answer = send(client, refund_of(payment), {"amount": "1.00", "reason": "R"})

    assert (answer.status_code, Refund.objects.count()) == (403, 0)


def test_refunds_of_the_desk_are_marked_as_handed_out(client, clerk):
    cash, online = pay(booked(), clerk), paid(held(at(10)))
    refunds = [
        refund_payment(
            payment=payment, amount=D("10.00"), reason="R", by=clerk, idempotency_key="key-00000001"
        )
        for payment in (cash, online)
    ]

    shown = opened(client, list_of("refund"))
    chosen = {"action": "mark_as_paid_out", "_selected_action": [refund.pk for refund in refunds]}
    answer = client.post(list_of("refund"), shown | chosen, follow=True)
    again = client.post(
        list_of("refund"), shown | chosen | {"_selected_action": [refunds[0].pk]}, follow=True
    )

    for refund in refunds:
        refund.refresh_from_db()
    assert [refund.status for refund in refunds] == [RefundStatus.PROCESSED, RefundStatus.PENDING]
    text = answer.content.decode()
    assert "1 refund was handed out." in text
    assert f"{refunds[1].reference}: You may not do this." in text
    assert f"{refunds[0].reference}: Nothing to do" in again.content.decode()


def test_taking_payment_for_an_expired_hold_is_refused_with_the_reason(client, clerk):
    scene = held()
    scene.visit.status, scene.visit.held_until = AppointmentStatus.CANCELLED, None
    scene.visit.save()

    answer = client.post(take(scene), {"method": "cash", "key": "key-00000001"})

    assert "This bill can no longer be paid." in answer.content.decode()
    assert not Payment.objects.exists()
