"""Giving up a payment whose money has not come: asked first, then one POST."""

import pytest

from billing.services import await_payment
from tests.billing.rows import held, list_of, settle, started, status_of
from tests.factories import staff
from tests.opened import send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B04")]


@pytest.fixture
def payment():
    payment = started(held())
    await_payment(payment=payment)
    return payment


def page_of(payment, name: str) -> str:
    return f"{list_of('payment')}{payment.pk}/{name}/"


def test_a_payment_is_given_up_after_a_question(client, administrator, payment):
    link = page_of(payment, "void") in client.get(page_of(payment, "change")).text
    asked = client.get(page_of(payment, "void"))
    before = status_of(payment)

    answer = send(client, page_of(payment, "void"), {})

    again = client.get(answer.url).text
    assert (link, "₹559.00 by Card. Waiting for the bank." in asked.text) == (True, True)
    assert (before, answer.status_code, status_of(payment)) == ("pending", 302, "abandoned")
    assert ("The payment is given up." in again, page_of(payment, "void") in again) == (True, False)
    assert client.get(page_of(payment, "void")).status_code == 302


def test_one_that_was_paid_meanwhile_stays_paid(client, administrator, payment):
    shown = client.get(page_of(payment, "void")).context["form"]["fingerprint"].value()
    settle(payment)

    client.post(page_of(payment, "void"), {"fingerprint": shown})

    assert status_of(payment) == "captured"


def test_pressed_twice_it_says_that_it_is_done(client, administrator, payment):
    shown = client.get(page_of(payment, "void")).context["form"]["fingerprint"].value()

    pages = [
        client.post(page_of(payment, "void"), {"fingerprint": shown}, follow=True).text for _time in range(2)
    ]

    assert "Nothing to do: this is already “Given up”." in pages[1]
    assert status_of(payment) == "abandoned"


@pytest.mark.parametrize("role", ["receptionist", "billing_clerk", "doctor", "auditor"])
def test_nobody_else_gives_payments_up(client, payment, role):
    client.force_login(staff(role))

    answers = [
        client.get(page_of(payment, "void")),
        client.post(page_of(payment, "void"), {"fingerprint": ""}),
    ]

    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert status_of(payment) == "pending"
