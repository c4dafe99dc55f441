"""What a bill asks for follows from the money that is kept and from the visit that stands."""

from decimal import Decimal

import pytest
from django.urls import reverse

from billing.exceptions import AlreadyPaid
from billing.models import BillingProfile, Invoice, Payment, Receipt
from billing.services import pay_out_refund, refund_payment, take_desk_payment
from billing.statuses import BillState
from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from scheduling.services import reschedule_appointment
from scheduling.statuses import AppointmentStatus
from tests.billing.rows import booked, cashier, held, later, list_of, paid, settle, started, status_of, take
from tests.factories import at, doctor_with_hours, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B04")]

D = Decimal


def refunded(payment: Payment, by=SYSTEM) -> Payment:
    refund_payment(
        payment=payment, amount=payment.amount, reason="Wrong card", by=by, idempotency_key="key-refund"
    )
    return payment


def pay_at_desk(scene, clerk, key: str) -> Payment:
    return take_desk_payment(appointment=scene.visit, method="cash", by=clerk, idempotency_key=key)


def test_a_refunded_bill_of_a_visit_that_stands_is_paid_again_at_the_desk():
    scene, clerk = booked(), cashier()
    refunded(pay_at_desk(scene, clerk, "key-00000001"), clerk)
    asked = (scene.invoice.is_due, scene.invoice.state)

    again = pay_at_desk(scene, clerk, "key-00000002")

    assert asked == (True, BillState.UNPAID)
    assert (again.amount, scene.invoice.state) == (D("559.00"), BillState.PAID)
    assert Receipt.objects.count() == 2
    with pytest.raises(AlreadyPaid):
        pay_at_desk(scene, clerk, "key-00000003")


def test_a_refunded_bill_of_a_visit_that_stands_is_paid_again_online(client):
    scene = held()
    first = refunded(paid(scene))
    client.force_login(scene.carer)
    page = reverse("billing:pay-bill", args=[scene.invoice.reference])

    links = [link.url for link in client.get(first.get_absolute_url()).context["outcome"].links]
    opened = client.get(page)
    settle(started(scene, "key-00000002"))

    assert (links[0], opened.status_code) == (page, 200)
    assert (scene.invoice.state, status_of(scene)) == (BillState.PAID, AppointmentStatus.BOOKED)


def test_the_refund_of_a_bill_that_is_to_be_paid_again_still_shows(client):
    scene, clerk = booked(), staff("billing_clerk")
    refunded(pay_at_desk(scene, clerk, "key-00000001"), clerk)
    client.force_login(clerk)

    text = client.get(list_of("invoice")).text

    assert "To pay. Refund due: hand out ₹559.00" in text


@pytest.mark.parametrize("status", [AppointmentStatus.COMPLETED, AppointmentStatus.NO_SHOW])
def test_after_the_visit_a_refund_asks_for_nothing_but_the_desk_can_still_take_money(client, status):
    scene, clerk = booked(), cashier()
    payment = refunded(pay_at_desk(scene, clerk, "key-00000001"), clerk)
    pay_out_refund(refund=payment.refunds.get(), by=clerk)
    Appointment.objects.filter(pk=scene.visit.pk).update(status=status)
    client.force_login(clerk)
    bill = scene.invoice

    asked = (bill.is_due, bill.state)
    page = client.get(f"{list_of('invoice')}{bill.pk}/change/").text
    scene.visit.refresh_from_db()
    pay_at_desk(scene, clerk, "key-00000002")

    assert asked == (False, BillState.REFUNDED)
    assert f'href="{take(scene)}"' in page
    assert scene.invoice.is_paid


@pytest.mark.parametrize("pay", [False, True])
def test_a_free_visit_that_moves_to_a_doctor_who_costs_is_priced(pay):
    BillingProfile.objects.update(service_charge=0)
    scene = booked(doctor=doctor_with_hours(fee=D("0.00")))
    free = scene.invoice
    dearer = doctor_with_hours(fee=D("800.00"))

    reschedule_appointment(appointment=scene.visit, starts_at=at(10), doctor=dearer, by=scene.carer)

    bills = Invoice.objects.order_by("pk").values_list("total", "status")
    assert (free.total, free.state) == (D("0.00"), BillState.FREE)
    assert list(bills) == [(D("0.00"), "void"), (D("800.00"), "draft")]
    if pay:
        scene.visit.refresh_from_db()
        assert pay_at_desk(scene, cashier(), "key-00000001").amount == D("800.00")


def test_a_refunded_visit_that_moves_to_another_doctor_costs_what_that_one_asks():
    scene, clerk = booked(), cashier()
    refunded(pay_at_desk(scene, clerk, "key-00000001"), clerk)

    dearer = doctor_with_hours(fee=D("800.00"))
    reschedule_appointment(appointment=scene.visit, starts_at=at(10), doctor=dearer, by=scene.carer)

    assert list(Invoice.objects.order_by("pk").values_list("total", "status")) == [
        (D("559.00"), "void"),
        (D("859.00"), "draft"),
    ]


@pytest.mark.parametrize("is_swept", [False, True])
def test_the_bill_of_a_hold_that_ran_out_asks_nobody_for_money(client, is_swept):
    scene = held()
    started(scene)
    asked = scene.invoice.state
    if is_swept:
        expired = {"status": AppointmentStatus.EXPIRED, "held_until": None}
        Appointment.objects.filter(pk=scene.visit.pk).update(**expired)

    with later(minutes=11):
        client.force_login(cashier())
        bill = scene.invoice
        then = (bill.state, bill.is_due)
        text = client.get(list_of("invoice")).text
        page = client.get(f"{list_of('invoice')}{bill.pk}/change/").text

    assert (asked, then) == (BillState.UNPAID, (BillState.LAPSED, False))
    assert (">Not booked<" in text, ">To pay<" in text) == (True, False)
    assert f'href="{take(scene)}"' not in page
