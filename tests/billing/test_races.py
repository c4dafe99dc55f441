"""Concurrent changes to one bill, payment or number series, with real threads and commits."""

import threading
from collections import Counter
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import Sum

from billing.gateways.simulated import Outcome, decide
from billing.models import GatewayEvent, Invoice, NumberSeries, Payment, Receipt, Refund
from billing.services import (
    agree_to_pay_at_desk,
    fail_payment,
    refund_payment,
    take_desk_payment,
)
from billing.services.gateway_messages import deliver
from billing.services.numbering import next_number
from billing.statuses import PaymentStatus
from hms.core.rights import SYSTEM
from hms.core.transactions import retried_atomic
from scheduling.services import cancel_appointment
from scheduling.statuses import AppointmentStatus
from tests.billing.rows import booked, cashier, held, paid, settle, started
from tests.factories import at, doctor_with_hours

pytestmark = [
    pytest.mark.race,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

D = Decimal
THREADS = 8


def race(*contenders) -> Counter:
    """Run all contenders at once in threads; count their outcomes."""
    outcomes, start = [], threading.Barrier(len(contenders))

    def run(contender):
        try:
            start.wait()
            outcomes.append(type(contender()).__name__)
        except ValidationError as refusal:
            outcomes.append(type(refusal).__name__)
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[contender]) for contender in contenders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


@pytest.mark.feature("B08")
def test_part_refunds_at_once_never_exceed_what_was_paid():
    payment, clerk = paid(held()), cashier()

    outcomes = race(
        *[
            lambda n=n: refund_payment(
                payment=payment, amount=D("200.00"), reason="Race", by=clerk, idempotency_key=f"key-{n}"
            )
            for n in range(THREADS)
        ]
    )

    payment.refresh_from_db()
    assert outcomes == {"Refund": 2, "RefundTooLarge": THREADS - 2}
    assert payment.refunded_amount == Refund.objects.aggregate(sum=Sum("amount"))["sum"] == D("400.00")


@pytest.mark.feature("B08")
def test_one_refund_sent_many_times_at_once_is_one_refund():
    payment, clerk = paid(held()), cashier()

    outcomes = race(
        *[
            lambda: refund_payment(
                payment=payment, amount=D("100.00"), reason="Race", by=clerk, idempotency_key="same-key"
            )
        ]
        * THREADS
    )

    assert outcomes == {"Refund": THREADS}
    assert Refund.objects.get().amount == D("100.00")


@pytest.mark.feature("B07")
def test_concurrent_first_numbers_of_a_year_have_no_gap_and_no_duplicate():
    given = []

    @retried_atomic
    def take() -> str:
        return str(next_number("RCT"))

    outcomes = race(*[lambda: given.append(take()) or ""] * THREADS)

    year = NumberSeries.objects.get().financial_year
    assert outcomes == {"str": THREADS}
    assert sorted(given) == [f"RCT/{year}/{n:06d}" for n in range(1, THREADS + 1)]


@pytest.mark.feature("B07")
def test_receipts_issued_at_once_are_numbered_without_gap():
    doctor = doctor_with_hours(slot_minutes=20)
    payments = [started(held(at(9 + n // 3, 20 * (n % 3)), doctor=doctor)) for n in range(THREADS)]

    outcomes = race(*[lambda payment=payment: settle(payment) for payment in payments])

    assert outcomes == {"Payment": THREADS}
    assert sorted(Receipt.objects.values_list("serial", flat=True)) == list(range(1, THREADS + 1))


@pytest.mark.feature("B05")
def test_one_message_delivered_many_times_at_once_counts_once():
    payment = started(held())
    delivery = decide(payment, Outcome.PAID)

    outcomes = race(*[lambda: deliver(delivery)] * THREADS)

    assert outcomes == {"str": THREADS}
    assert (GatewayEvent.objects.count(), Receipt.objects.count()) == (1, 1)


@pytest.mark.feature("B04")
def test_of_two_payments_captured_at_once_one_is_refunded():
    scene = held()
    payments = [started(scene, f"key-0000000{n}") for n in range(2)]

    race(*[lambda payment=payment: settle(payment) for payment in payments])

    kept = [row.amount - row.refunded_amount for row in Payment.objects.all()]
    assert sorted(kept) == [D("0.00"), D("559.00")]
    scene.visit.refresh_from_db()
    assert scene.visit.status == AppointmentStatus.BOOKED


@pytest.mark.feature("B04")
def test_a_payment_captured_and_declined_at_once_ends_as_paid():
    payment = started(held())

    race(*[lambda: settle(payment), lambda: fail_payment(payment=payment, reason="No", by=SYSTEM)] * 4)

    payment.refresh_from_db()
    assert (payment.status, Receipt.objects.count()) == (PaymentStatus.CAPTURED, 1)


@pytest.mark.feature("B04")
@pytest.mark.parametrize("_round", range(3))
def test_paying_and_cancelling_at_once_never_keeps_the_money_of_a_cancelled_visit(_round):
    scene = held()
    payment = started(scene)

    race(
        lambda: settle(payment),
        lambda: cancel_appointment(appointment=scene.visit, by=scene.carer),
    )

    scene.visit.refresh_from_db()
    payment.refresh_from_db()
    assert scene.visit.status == AppointmentStatus.CANCELLED
    assert payment.refunded_amount == D("559.00")


@pytest.mark.feature("B04")
def test_a_double_click_at_the_desk_takes_the_money_once():
    scene, clerk = booked(), cashier()
    booking_request = {"appointment": scene.visit, "method": "cash", "by": clerk}

    same = race(*[lambda: take_desk_payment(idempotency_key="same-key", **booking_request)] * THREADS)
    other = race(lambda: take_desk_payment(idempotency_key="other-key", **booking_request))

    assert (same, other) == ({"Payment": THREADS}, {"AlreadyPaid": 1})
    assert Payment.objects.count() == 1


@pytest.mark.feature("B01")
def test_a_bill_opened_many_times_at_once_is_one_bill():
    scene = held()

    outcomes = race(*[lambda: agree_to_pay_at_desk(appointment=scene.visit, by=scene.carer)] * THREADS)

    assert outcomes == {"Appointment": THREADS}
    assert [bill.lines.count() for bill in Invoice.objects.all()] == [2]
