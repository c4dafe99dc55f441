"""The price charged is the price shown."""

from decimal import Decimal

import pytest

from billing.models import BillingProfile, Invoice
from billing.services import fail_payment
from billing.services.invoices import price_of
from hms.core.rights import SYSTEM
from scheduling.statuses import AppointmentStatus
from tests.billing.check_page import page, send
from tests.billing.rows import started, status_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B01")]

D = Decimal


def test_the_amount_in_the_request_is_not_charged(client, scene):
    send(client, scene, pay="card", amount="1.00", total="559.00", unit_price="1.00")

    assert scene.payment.amount == D("559.00")


@pytest.mark.parametrize("way", ["desk", "card"])
def test_a_changed_price_is_shown_before_booking(client, scene, way):
    BillingProfile.objects.update(service_charge=D("75.00"))

    answer = send(client, scene, pay=way, total="559.00")

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "The price has changed since this page was opened." in text
    assert '<input type="hidden" name="total" value="588.50">' in text
    assert (status_of(scene), Invoice.objects.count()) == (AppointmentStatus.HELD, 0)


@pytest.mark.parametrize("way", ["desk", "card"])
def test_a_price_that_changes_while_the_form_is_open_is_not_charged(client, scene, monkeypatch, way):
    def price_of_a_moment_ago(visit):
        quote = price_of(visit)
        BillingProfile.objects.update(service_charge=D("75.00"))
        return quote

    monkeypatch.setattr("billing.views.check.price_of", price_of_a_moment_ago)

    answer = send(client, scene, pay=way, total="559.00")

    assert answer.status_code == 409
    assert '<input type="hidden" name="total" value="588.50">' in answer.content.decode()
    assert (status_of(scene), Invoice.objects.count()) == (AppointmentStatus.HELD, 0)


def test_after_an_attempt_the_price_of_the_bill_stays(client, scene):
    fail_payment(payment=started(scene), by=SYSTEM)
    BillingProfile.objects.update(service_charge=D("75.00"))

    assert "₹559.00" in client.get(page(scene)).content.decode()
    assert send(client, scene, total="559.00").status_code == 302
