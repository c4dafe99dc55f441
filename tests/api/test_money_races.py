"""Calls about one bill at the same moment: one attempt to pay it, and never more refunded than came."""

import pytest

from billing.models import Invoice, Payment
from tests.api.calls import Caller
from tests.billing.rows import held, paid
from tests.factories import staff
from tests.racing import race

pytestmark = [
    pytest.mark.race,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("I01"),
]
CALLS = 6


def outcomes(user, path: str, body: dict, keys: list[str]) -> dict:
    callers = [Caller(user) for _key in keys]

    def one(caller, key):
        return lambda: str(caller.post(path, body, Idempotency_Key=key).status_code)

    return dict(race(*(one(*each) for each in zip(callers, keys, strict=True))))


def test_starting_a_payment_with_many_keys_makes_one():
    scene = held()
    keys = [f"key-{number}" for number in range(CALLS)]

    found = outcomes(scene.carer, f"bookings/{scene.visit.reference}/transactions/", {}, keys)

    assert set(found) <= {"200", "201"}
    assert (Payment.objects.count(), Invoice.objects.count()) == (1, 1)


def test_refunding_in_full_with_many_keys_refunds_once():
    payment = paid(held())
    keys = [f"key-{number}" for number in range(CALLS)]

    found = outcomes(staff("billing_clerk"), f"transactions/{payment.reference}/refund/", {}, keys)

    payment.refresh_from_db()
    assert found == {"201": 1, "409": CALLS - 1}
    assert (payment.refunds.count(), payment.refunded_amount) == (1, payment.amount)


def test_one_key_at_the_same_moment_refunds_once():
    payment = paid(held())
    path = f"transactions/{payment.reference}/refund/"

    outcomes(staff("billing_clerk"), path, {"amount": "100.00"}, ["one-key"] * CALLS)

    payment.refresh_from_db()
    assert (payment.refunds.count(), str(payment.refunded_amount)) == (1, "100.00")
