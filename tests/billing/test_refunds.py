"""Refunds never exceed the payment; pending ones count."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from billing.exceptions import RefundTooLarge
from billing.models import Payment, Refund
from billing.services import (
    fail_refund,
    pay_out_refund,
    refund_payment,
    send_pending_refunds,
    settle_payment,
    settle_refund,
    take_desk_payment,
)
from billing.statuses import InvoiceStatus, RefundStatus
from hms.core.refusals import KeyReused, NotAllowed
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from scheduling.services import cancel_appointment
from tests.billing.rows import booked, cashier, held, paid, staff_with, started, take_the_time
from tests.factories import at

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B08")]

D = Decimal


def give_back(payment: Payment, amount: str, by, key: str = "key-00000001") -> Refund:
    return refund_payment(payment=payment, amount=D(amount), reason="Kindness", by=by, idempotency_key=key)


def left_of(payment: Payment) -> Decimal:
    payment.refresh_from_db()
    return payment.refundable_amount


def test_a_part_can_be_refunded_and_then_the_rest():
    payment, clerk = paid(held()), cashier()

    give_back(payment, "59.00", clerk, "key-00000001")
    give_back(payment, "500.00", clerk, "key-00000002")

    assert left_of(payment) == D("0.00")
    assert payment.is_refunded_in_full


@pytest.mark.parametrize("amount", ["559.01", "0.00", "-1.00", "0.004"])
def test_an_impossible_amount_is_refused(amount):
    payment = paid(held())

    with pytest.raises(RefundTooLarge):
        give_back(payment, amount, cashier())

    assert (left_of(payment), Refund.objects.count()) == (D("559.00"), 0)


def test_pending_refunds_count():
    payment, clerk = paid(held()), cashier()
    pending = give_back(payment, "500.00", clerk, "key-00000001")

    with pytest.raises(RefundTooLarge) as refused:
        give_back(payment, "59.01", clerk, "key-00000002")

    assert pending.status == RefundStatus.PENDING
    assert refused.value.messages == ["At most 59.00 can be refunded."]


def test_the_same_key_refunds_once():
    payment, clerk = paid(held()), cashier()

    refunds = {give_back(payment, "100.00", clerk).pk for _n in range(2)}

    assert set(Refund.objects.values_list("pk", flat=True)) == refunds
    assert left_of(payment) == D("459.00")


def test_a_key_used_for_another_amount_is_refused():
    payment, clerk = paid(held()), cashier()
    give_back(payment, "100.00", clerk)

    with pytest.raises(KeyReused):
        give_back(payment, "200.00", clerk)


def test_an_uncaptured_payment_is_not_refunded():
    with pytest.raises(RefundTooLarge):
        give_back(started(held()), "1.00", cashier())


def test_without_the_right_nothing_is_refunded():
    scene = held()
    payment = paid(scene)

    for person in (scene.carer, staff_with("billing.take_payment", "billing.view_payment")):
        with pytest.raises(NotAllowed):
            give_back(payment, "1.00", person)

    assert left_of(payment) == D("559.00")


def test_the_gateway_is_asked_after_the_commit(django_capture_on_commit_callbacks):
    payment = paid(held())

    with django_capture_on_commit_callbacks(execute=True):
        refund = give_back(payment, "100.00", cashier())

    refund.refresh_from_db()
    assert (refund.status, refund.gateway_reference) == (
        RefundStatus.PROCESSED, f"PBR-{refund.reference}",
    )  # fmt: skip


def test_an_unsent_refund_is_sent_later_and_once():
    refund = give_back(paid(held()), "100.00", cashier())

    sent = [send_pending_refunds(), send_pending_refunds()]

    refund.refresh_from_db()
    assert (sent, refund.status) == ([1, 0], RefundStatus.PROCESSED)


def test_a_failed_refund_releases_the_reserved_amount():
    payment, clerk = paid(held()), cashier()
    refund = give_back(payment, "559.00", clerk, "key-00000001")

    fail_refund(refund=refund, by=SYSTEM)
    fail_refund(refund=refund, by=SYSTEM)

    assert left_of(payment) == D("559.00")
    assert give_back(payment, "559.00", clerk, "key-00000002").status == RefundStatus.PENDING


def test_a_refund_that_failed_is_not_settled_afterwards():
    refund = fail_refund(refund=give_back(paid(held()), "10.00", cashier()), by=SYSTEM)

    with pytest.raises(StepRefused):
        settle_refund(refund=refund, by=SYSTEM)


def test_cash_is_paid_out_by_a_person(django_capture_on_commit_callbacks):
    scene, clerk = booked(), cashier()
    payment = take_desk_payment(
        appointment=scene.visit, method="cash", by=clerk, idempotency_key="key-00000001"
    )

    with django_capture_on_commit_callbacks(execute=True):
        refund = give_back(payment, "559.00", clerk)
    refund.refresh_from_db()
    waiting = refund.status
    pay_out_refund(refund=refund, by=clerk)

    refund.refresh_from_db()
    assert (waiting, refund.status) == (RefundStatus.PENDING, RefundStatus.PROCESSED)


def test_a_gateways_refund_is_not_paid_out_at_the_desk():
    refund = give_back(paid(held()), "10.00", cashier())

    with pytest.raises(NotAllowed):
        pay_out_refund(refund=refund, by=cashier())


def test_cancelling_in_time_refunds_everything():
    scene = held()
    payment = paid(scene)

    cancel_appointment(appointment=scene.visit, by=scene.carer)

    assert list(Refund.objects.values_list("amount", "reason", "by")) == [
        (D("559.00"), "The appointment was cancelled.", scene.carer.pk)
    ]
    assert (left_of(payment), scene.invoice.status) == (D("0.00"), InvoiceStatus.VOID)


def test_cancelling_after_a_part_was_refunded_refunds_the_rest():
    scene = held()
    give_back(paid(scene), "59.00", cashier())

    cancel_appointment(appointment=scene.visit, by=scene.carer)

    amounts = Refund.objects.order_by("pk").values_list("amount", flat=True)
    assert list(amounts) == [D("59.00"), D("500.00")]


def test_cancelling_by_the_hospital_always_refunds():
    scene = held(at(9))
    payment = paid(scene)

    with time_machine.travel(at(8, 45)):
        cancel_appointment(appointment=scene.visit, by=cashier(), reason="Doctor is ill")

    assert left_of(payment) == D("0.00")


def test_a_payment_for_a_taken_time_is_refunded_with_the_reason():
    scene = held()
    payment = started(scene)

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        take_the_time(scene)
        settle_payment(payment=payment, gateway_reference="PB-1", by=SYSTEM)

    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (
        D("559.00"), "The time was no longer free when the payment arrived.",
    )  # fmt: skip
