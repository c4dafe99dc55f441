"""Online payments, reported once, twice, late or early."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Guardianship
from billing.models import Payment, Receipt, Refund
from billing.services import (
    await_payment,
    fail_payment,
)
from billing.statuses import PaymentStatus
from hms.core.refusals import KeyReused
from hms.core.rights import SYSTEM
from scheduling.services import book_appointment, cancel_appointment, expire_holds, hold_slot
from scheduling.statuses import AppointmentStatus
from tests.billing.rows import held, later, settle, started, status_of
from tests.factories import PatientFactory, at, carer_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B04")]

D = Decimal
S = AppointmentStatus


def test_a_payment_covers_the_whole_bill():
    payment = started(held())

    assert (payment.amount, payment.status, payment.gateway_reference) == (
        D("559.00"), PaymentStatus.CREATED, None,
    )  # fmt: skip


def test_the_same_key_gives_the_same_payment():
    scene = held()

    payments = [started(scene), started(scene)]

    assert payments[0] == payments[1]
    assert Payment.objects.count() == 1


def test_another_key_is_another_attempt():
    scene = held()

    assert started(scene, "key-00000001") != started(scene, "key-00000002")


def test_a_key_used_for_something_else_is_refused():
    scene = held()
    started(scene, method="card")

    with pytest.raises(KeyReused):
        started(scene, method="upi")


def test_another_bills_key_creates_a_separate_payment():
    theirs, mine = started(held()), started(held(at(10)))

    assert theirs.idempotency_key != mine.idempotency_key
    assert Payment.objects.count() == 2


def test_a_captured_payment_books_the_visit_and_issues_a_receipt():
    scene = held()

    payment = settle(started(scene))

    assert (payment.status, payment.refunded_amount) == (PaymentStatus.CAPTURED, D("0.00"))
    assert status_of(scene) == S.BOOKED
    assert payment.receipt.frozen["payment"]["transaction"] == f"PB-{payment.reference}"


def test_a_payment_reported_twice_counts_once():
    scene = held()
    payment = started(scene)

    settle(payment)
    settle(payment)

    assert (Receipt.objects.count(), Refund.objects.count()) == (1, 0)


def test_a_payment_may_be_reported_before_our_own_request_returns():
    scene = held()
    payment = started(scene)
    settle(payment)

    late_return = await_payment(payment=payment)

    assert late_return.status == PaymentStatus.CAPTURED


def test_a_decline_after_the_capture_changes_nothing():
    payment = settle(started(held()))

    assert fail_payment(payment=payment, reason="Declined", by=SYSTEM).status == PaymentStatus.CAPTURED


def test_a_capture_after_a_decline_counts():
    scene = held()
    payment = fail_payment(payment=started(scene), reason="Declined", by=SYSTEM)

    settled = settle(payment)

    assert (settled.status, settled.failure_reason) == (PaymentStatus.CAPTURED, "")
    assert status_of(scene) == S.BOOKED


def test_a_declined_bill_can_be_paid_with_another_attempt():
    scene = held()
    fail_payment(payment=started(scene, "key-00000001"), reason="Declined", by=SYSTEM)

    settle(started(scene, "key-00000002"))

    statuses = list(Payment.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == [PaymentStatus.FAILED, PaymentStatus.CAPTURED]
    assert status_of(scene) == S.BOOKED


def test_a_bill_paid_twice_is_refunded_once():
    scene = held()
    first, second = started(scene, "key-00000001"), started(scene, "key-00000002")
    settle(first)

    settle(second)

    assert list(Refund.objects.values_list("payment", "amount", "reason")) == [
        (second.pk, D("559.00"), "The bill had already been paid.")
    ]
    assert (scene.invoice.is_paid, status_of(scene)) == (True, S.BOOKED)


@pytest.mark.parametrize("sweep", [False, True])
def test_a_late_payment_books_the_visit_if_the_time_is_still_free(sweep):
    scene = held()
    payment = started(scene)

    with later(minutes=11):
        if sweep:
            expire_holds()
        settle(payment)

    assert status_of(scene) == S.BOOKED
    assert not Refund.objects.exists()


@pytest.mark.parametrize(
    ("notice", "minutes_before", "outcome"), [(30, 35, S.BOOKED), (5, 12, S.BOOKED), (5, 11, S.HELD)]
)
def test_the_notice_of_a_late_payment_counts_from_the_hold_until_the_time_begins(
    notice, minutes_before, outcome, settings
):
    settings.BOOKING = settings.BOOKING | {"notice_minutes": notice}
    begins = at(9)
    held_at = begins - timedelta(minutes=minutes_before)
    with time_machine.travel(held_at, tick=False):
        scene = held(begins)
        payment = started(scene)

    with time_machine.travel(held_at + timedelta(minutes=11, seconds=1), tick=False):
        settle(payment)

    assert status_of(scene) == outcome


@pytest.mark.parametrize("booker", [book_appointment, hold_slot])
def test_a_late_payment_is_refunded_if_the_time_is_taken(booker):
    scene = held()
    payment = started(scene)
    other = PatientFactory()

    with later(minutes=11):
        booker(patient=other, doctor=scene.doctor, starts_at=scene.visit.starts_at, by=carer_of(other))
        settle(payment)

    assert status_of(scene) == S.EXPIRED
    assert list(Refund.objects.values_list("amount", "reason")) == [
        (D("559.00"), "The time was no longer free when the payment arrived.")
    ]
    assert Receipt.objects.filter(payment=payment).exists()


def test_a_payment_for_a_cancelled_visit_is_refunded():
    scene = held()
    payment = started(scene)
    cancel_appointment(appointment=scene.visit, by=scene.carer)

    settle(payment)

    assert Refund.objects.get().amount == D("559.00")
    assert status_of(scene) == S.CANCELLED


def test_a_payment_books_the_hold_though_the_right_to_book_was_revoked_meanwhile():
    scene = held()
    payment = started(scene)
    Guardianship.objects.filter(user=scene.carer).update(revoked_at=timezone.now())

    settle(payment)

    assert (Refund.objects.count(), status_of(scene)) == (0, S.BOOKED)
