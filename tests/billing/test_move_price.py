"""The page that moves a visit to another doctor says what it costs there."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.services import refund_payment
from hms.core.rights import SYSTEM
from scheduling.moments import compact
from tests.billing.rows import booked, held, paid
from tests.factories import at, doctor_with_hours
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S11"), pytest.mark.usefixtures("sunday_noon")]
MOVE = "Yes, move it"


@pytest.mark.parametrize(
    ("is_paid", "fee", "words", "is_offered"),
    [
        (False, "900.00", "A visit to this doctor costs ₹959.00 with tax. Until now it was ₹559.00.", True),
        (True, "500.00", "Your payment of ₹559.00 stays with the appointment.", True),
        (True, "100.00", "A visit to this doctor costs ₹159.00. To pay only that, cancel", True),
        (
            True,
            "900.00",
            "The price of this paid appointment is ₹559.00, and a visit to this doctor costs ₹959.00.",
            False,
        ),
    ],
)
def test_the_price_there_is_shown_before_the_move(client, is_paid, fee, words, is_offered):
    scene = held() if is_paid else booked()
    if is_paid:
        paid(scene)
    other = doctor_with_hours(fee=Decimal(fee))
    client.force_login(scene.carer)
    page = reverse("scheduling:reschedule", args=[scene.visit.reference])

    shown = text(client.get(page, {"doctor": other.reference, "at": compact(at(11))}))

    assert words in " ".join(shown.split()).replace(" .", ".")
    assert (MOVE in shown) == is_offered


@pytest.mark.parametrize(
    ("fee", "words"),
    [
        ("500.00", "Your payment of ₹459.00 stays with the appointment."),
        (
            "500.01",
            "The price of this paid appointment is ₹559.00, and a visit to this doctor costs ₹559.01.",
        ),
    ],
)
def test_what_was_refunded_in_part_is_not_said_to_be_paid(client, fee, words):
    scene = held()
    refund_payment(
        payment=paid(scene),
        amount=Decimal("100.00"),
        reason="Late",
        by=SYSTEM,
        idempotency_key="key-00000001",
    )
    other = doctor_with_hours(fee=Decimal(fee))
    client.force_login(scene.carer)
    page = reverse("scheduling:reschedule", args=[scene.visit.reference])

    with CaptureQueriesContext(connection) as asked:
        shown = text(client.get(page, {"doctor": other.reference, "at": compact(at(11))}))

    assert words in " ".join(shown.split())
    assert sum('FROM "billing_invoice"' in query["sql"].replace("`", '"') for query in asked) == 1


def test_a_move_with_the_same_doctor_speaks_of_a_payment_only_where_one_was_made(client):
    unpaid, settled = booked(), held()
    paid(settled)
    shown = []
    for scene in (unpaid, settled):
        client.force_login(scene.carer)
        page = reverse("scheduling:reschedule", args=[scene.visit.reference])
        shown.append(text(client.get(page, {"at": compact(at(11))})))

    assert ["payment" in one for one in shown] == [False, True]
    assert "Your payment of ₹559.00 stays with the appointment." in shown[1]
    assert [MOVE in one for one in shown] == [True, True]
