"""Two attempts to pay one bill: the pages say which one counts, and what becomes of the other."""

import pytest

from scheduling.services import cancel_appointment
from tests.billing.rows import booked, paid, settle, started, status_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B04")]


@pytest.fixture
def attempts(scene):
    """A UPI payment without an answer, and a card payment after it that books the visit."""
    first = started(scene, "key-00000001", method="upi")
    return first, paid(scene, "key-00000002")


def page_of(client, payment):
    return client.get(f"/pay/{payment.reference}/")


def links(answer) -> list[tuple[str, str]]:
    return [(link.label, link.url) for link in answer.context["outcome"].links]


def test_an_attempt_that_is_no_longer_needed_says_that_the_visit_is_booked(client, scene, attempts):
    first, second = attempts

    answer = page_of(client, first)

    outcome = answer.context["outcome"]
    assert outcome.title == "This payment is no longer needed"
    assert outcome.texts == [
        "Your bank has not yet confirmed your payment of ₹559.00.",
        "If it still does, we refund this payment in full.",
        "Your appointment is booked.",
        f"It is paid with payment {second.reference} (Card).",
    ]
    assert links(answer) == [
        ("View the appointment", f"/me/appointments/{scene.visit.reference}/"),
        ("Check again", f"/pay/{first.reference}/"),
    ]


def test_the_doubled_payment_is_refunded_and_the_visit_stays_booked(client, scene, attempts):
    first, second = attempts
    settle(first)

    answer = page_of(client, first)

    outcome = answer.context["outcome"]
    assert status_of(scene) == "booked"
    assert (outcome.title, outcome.reason) == (
        "You paid twice: this payment is refunded",
        "The bill had already been paid.",
    )
    assert outcome.texts[1:] == [
        "Your appointment is booked.",
        f"It is paid with payment {second.reference} (Card).",
    ]
    assert links(answer) == [
        ("View the appointment", f"/me/appointments/{scene.visit.reference}/"),
        (f"Receipt {first.receipt.number}", f"/me/bills/{first.reference}/receipt/"),
    ]


@pytest.mark.parametrize("page", ["/me/bills/", "/me/appointments/{}/"])
def test_a_bill_paid_twice_is_paid_and_its_receipts_differ(client, scene, attempts, page):
    first, second = attempts
    settle(first)

    text = client.get(page.format(scene.visit.reference)).text

    assert [text.count(f">{word}</span>") for word in ("Paid", "Refunded", "Refund on its way")] == [1, 0, 0]
    words = f"Paid twice. Refund of ₹559.00 for payment {first.reference} (UPI): On its way"
    assert words in text
    assert f"<span>{first.receipt.number} (paid twice)</span>" in text
    assert f"<span>{second.receipt.number}</span>" in text


def test_a_declined_attempt_of_a_paid_bill_leads_to_the_appointment(client, scene, attempts):
    first, _second = attempts
    client.post(f"/pay/simulated/{first.reference}/", {"outcome": "declined"})

    answer = page_of(client, first)

    assert answer.context["outcome"].title == "The payment did not go through"
    assert "Your appointment is booked." in answer.context["outcome"].texts
    assert [label for label, _url in links(answer)] == ["View the appointment"]


def test_an_attempt_for_a_visit_booked_before_says_that_only_the_bill_waits(client):
    scene = booked()
    client.force_login(scene.carer)

    answer = page_of(client, started(scene))

    assert answer.context["outcome"].texts == [
        "Your bank has not yet confirmed your payment of ₹559.00.",
        "As soon as it does, the bill is paid.",
        "Your appointment is booked.",
    ]


def test_an_attempt_for_a_cancelled_visit_promises_the_refund_and_no_booking(client, scene):
    payment = started(scene)
    cancel_appointment(appointment=scene.visit, by=scene.carer)

    answer = page_of(client, payment)

    assert answer.context["outcome"].texts[1:] == [
        "If it does, we refund the full amount.",
        "The appointment is cancelled.",
    ]
    assert [label for label, _url in links(answer)][-1] == "Choose another time"
