"""A refund of money that was taken at the desk: due until somebody hands it out."""

import pytest

from billing.models import Refund
from billing.services import take_desk_payment
from tests.billing.rows import booked
from tests.factories import staff
from tests.opened import send
from tests.scheduling.admin_day import said

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B08")]


@pytest.fixture
def cancelled(client):
    """A visit that was paid in cash, and that the receptionist has cancelled."""
    scene = booked()
    reception = staff("receptionist")
    take_desk_payment(appointment=scene.visit, method="cash", by=reception, idempotency_key="key-00000001")
    client.force_login(reception)
    address = f"/admin/scheduling/appointment/{scene.visit.pk}/cancel/"
    scene.answer = send(client, address, {"reason": "The doctor is ill"})
    return scene


def hand_out(client, refund: Refund, **data):
    shown = {"fingerprint": refund.shown} | data
    return client.post(f"/admin/billing/refund/{refund.pk}/hand-out/", shown)


def test_reception_reads_that_a_refund_is_due_and_who_hands_it_out(client, cancelled):
    text = client.get(cancelled.answer.url).text

    assert "Refund due: hand out ₹559.00" in text
    assert "The billing office hands it out." in text
    assert "refunded" not in text


def test_every_list_says_that_the_refund_is_due(client, cancelled):
    client.force_login(staff("billing_clerk"))
    lists = [client.get(f"/admin/billing/{model}/").text for model in ("invoice", "refund")]
    client.force_login(cancelled.carer)
    own = client.get("/me/bills/").text

    assert "Refund due: hand out ₹559.00" in lists[0]
    assert "Due at the front desk" in lists[1]
    assert ">Refund due at the front desk</span>" in own
    assert "Refund of ₹559.00: Due at the front desk" in own
    assert ">Refunded<" not in own


def test_the_index_lists_what_is_to_be_handed_out_with_a_button_for_those_who_may(client, cancelled):
    seen = {}
    for role in ("billing_clerk", "receptionist", "doctor"):
        client.force_login(staff(role))
        text = client.get("/admin/").text
        seen[role] = (cancelled.patient.full_name in text, "₹559.00 handed out" in text)

    assert seen == {
        "billing_clerk": (True, True),
        "receptionist": (True, False),
        "doctor": (False, False),
    }


def test_handing_out_twice_says_that_there_is_nothing_to_do(client, cancelled):
    client.force_login(staff("billing_clerk"))
    refund = Refund.objects.get()

    first = hand_out(client, refund, next="/admin/")
    again = hand_out(client, refund)

    refund.refresh_from_db()
    assert (first.url, refund.status, refund.state) == ("/admin/", "processed", "Handed out")
    assert said(first)[-1] == "₹559.00 is handed out."
    assert said(again)[-1] == f"{refund}: Nothing to do: this is already “Handed out”."
    assert "Refunds to hand out" not in client.get("/admin/").text


@pytest.mark.parametrize("role", ["receptionist", "doctor"])
def test_nobody_else_hands_out(client, cancelled, role):
    client.force_login(staff(role))

    hand_out(client, Refund.objects.get())

    assert Refund.objects.get().status == "pending"


def test_the_patient_is_asked_to_collect_the_refund(client, cancelled):
    client.force_login(cancelled.carer)

    outcome = client.get(f"/pay/{cancelled.payment.reference}/").context["outcome"]

    assert outcome.title == "Your refund is due at the front desk"
    assert outcome.texts == [
        "You paid ₹559.00. Please collect your refund of ₹559.00 at the front desk.",
        "The appointment is cancelled.",
    ]
