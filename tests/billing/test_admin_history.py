"""The history page of a billing row requires the same rights as the row."""

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from billing.models import GatewayEvent, Receipt, Refund
from billing.services import refund_payment
from tests.billing.rows import D, cashier, held, paid
from tests.factories import carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B08")]


@pytest.fixture
def rows() -> list:
    """One row of each billing model, from a paid and partly refunded visit."""
    scene = held(full_name="Lakshmi Secret")
    payment = paid(scene)
    refund_payment(
        payment=payment, amount=D("1.00"), reason="Kind", by=cashier(), idempotency_key="key-00000001"
    )
    event = GatewayEvent.objects.create(
        gateway="simulated", event_id="e-1", kind="captured", payment=payment, outcome="captured", payload={}
    )
    return [scene.invoice, payment, Receipt.objects.get(), Refund.objects.get(), event]


def address(row, page: str) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def pages_of(row, pk=None) -> list[str]:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
    return [reverse(f"{name}_{page}", args=[pk or row.pk]) for page in ("history", "change", "delete")]


def answer_of(client, address: str) -> tuple[int, list, bool]:
    """Status, redirects, and whether the response names the patient."""
    answer = client.get(address, follow=True)
    return answer.status_code, answer.redirect_chain, "Lakshmi Secret" in answer.content.decode()


@pytest.mark.parametrize("role", ["doctor", "nurse", "lab_technician", "auditor"])
def test_staff_who_may_not_see_bills_get_the_answer_for_a_missing_row(client, rows, role):
    client.force_login(staff(role))

    for row in rows:
        real = [answer_of(client, address) for address in pages_of(row)]
        missing = [answer_of(client, address) for address in pages_of(row, pk=999_999)]

        assert real == missing
        assert not any(names_patient for _status, _way, names_patient in real)


def test_the_access_is_logged_with_the_patient(client, rows):
    doctor = staff("doctor")
    client.force_login(doctor)

    client.get(pages_of(rows[1])[0])

    denied = AuditEvent.objects.get(outcome="refused", actor_id=doctor.pk)
    assert (denied.model, denied.patient_id) == ("billing.payment", rows[0].patient_id)


def test_a_patient_is_redirected_to_the_staff_login(client, rows):
    client.force_login(carer_of(rows[0].patient))

    ways = {client.get(address).url.split("?")[0] for row in rows for address in pages_of(row)}

    assert ways == {"/admin/login/"}


def test_staff_who_may_see_bills_see_their_history(client, rows):
    client.force_login(staff("billing_clerk"))

    for row in rows:
        page = client.get(pages_of(row)[0])

        assert (page.status_code, str(row) in page.content.decode()) == (200, True)
