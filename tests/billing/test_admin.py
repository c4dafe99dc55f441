"""The billing lists of the staff site are read-only; payments and refunds go through services."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from billing.models import Payment
from billing.services import refund_payment, take_desk_payment
from billing.statuses import PaymentStatus
from tests.billing.rows import booked, held, list_of, paid, take
from tests.costs import READ_BY_STAFF
from tests.factories import at, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B04")]

D = Decimal
LISTS = ["invoice", "payment", "receipt", "refund", "gatewayevent"]


@pytest.fixture
def clerk(client):
    clerk = staff("billing_clerk")
    client.force_login(clerk)
    return clerk


def pay(scene, clerk) -> Payment:
    return take_desk_payment(appointment=scene.visit, method="cash", by=clerk, idempotency_key="key-00000001")


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"), [("invoice", 11), ("payment", 7), ("receipt", 8), ("refund", 6)]
)
def test_each_list_takes_the_same_queries_for_one_and_three_rows(
    client, clerk, rows, model, queries, django_assert_num_queries
):
    for hour in range(rows):
        payment = paid(held(at(9 + hour)))
        refund_payment(
            payment=payment, amount=D("1.00"), reason="R", by=clerk, idempotency_key="key-00000001"
        )
    client.get(list_of(model))

    with django_assert_num_queries(queries + READ_BY_STAFF):
        answer = client.get(list_of(model))

    assert answer.context["cl"].result_count == rows


@pytest.mark.parametrize("model", LISTS)
def test_nothing_is_added_changed_or_deleted_by_hand(client, model):
    client.force_login(staff("administrator"))
    scene = held()
    payment = paid(scene)
    pk = {"payment": payment.pk, "receipt": payment.receipt.pk, "invoice": scene.invoice.pk}.get(model, 1)

    answers = [
        client.post(f"{list_of(model)}add/"),
        client.post(f"{list_of(model)}{pk}/delete/", {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Payment.objects.get().status == PaymentStatus.CAPTURED


def test_a_changed_status_that_is_posted_is_not_saved(client, clerk):
    payment = paid(held())

    answer = client.post(f"{list_of('payment')}{payment.pk}/change/", {"status": "failed"})

    payment.refresh_from_db()
    assert (answer.status_code, payment.status) == (403, PaymentStatus.CAPTURED)


@pytest.mark.parametrize("find", ["reference", "gateway_reference", "number", "bill", "patient", "mrn"])
def test_a_payment_is_found_by_every_reference_on_the_receipt(client, clerk, find):
    scene = held(full_name="Asha Rao")
    payment = paid(scene)
    paid(held(at(10), full_name="Bina Rao"))
    texts = {
        "reference": payment.reference.lower(),
        "gateway_reference": payment.gateway_reference,
        "number": payment.receipt.number,
        "bill": scene.invoice.reference,
        "patient": scene.patient.full_name,
        "mrn": scene.patient.mrn,
    }

    found = client.get(list_of("payment"), {"q": texts[find]}).context["cl"].queryset

    assert list(found) == [payment]


@pytest.mark.parametrize("model", ["invoice", "payment", "receipt", "refund"])
def test_the_page_of_each_row_opens(client, clerk, model):
    payment = pay(booked(), clerk)
    refund = refund_payment(
        payment=payment, amount=D("10.00"), reason="R", by=clerk, idempotency_key="key-00000001"
    )
    pk = {
        "invoice": payment.invoice_id, "payment": payment.pk,
        "receipt": payment.receipt.pk, "refund": refund.pk,
    }[model]  # fmt: skip

    text = client.get(f"{list_of(model)}{pk}/change/").content.decode()
    assert ("10.00" if model == "refund" else "559.00") in text


def test_the_bill_links_to_taking_payment_while_it_is_due(client, clerk):
    scene = booked()
    page = f"{list_of('invoice')}{scene.invoice.pk}/change/"
    before = take(scene) in client.get(page).content.decode()
    pay(scene, clerk)

    assert (before, take(scene) in client.get(page).content.decode()) == (True, False)


@time_machine.travel(datetime(2026, 11, 22, 11, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("today", ["2026-11-22"]),
        ("week", ["2026-11-22", "2026-11-16"]),
        ("2026-11", ["2026-11-22", "2026-11-16", "2026-11-01"]),
        ("2026-10", ["2026-10-31"]),
        ("2024-01", None),
        ("never", None),
    ],
)
def test_a_list_is_filtered_by_a_day_a_week_or_a_month_in_the_hospitals_time_zone(client, clerk, when, found):
    # In Berlin, where the hospital of the tests is, 31 October ends at 23:00 UTC.
    times = ["2026-11-22T10:00", "2026-11-15T23:30", "2026-10-31T23:30", "2026-10-31T22:30"]
    for hour, text in enumerate(times):
        payment = paid(held(at(9 + hour // 2, 30 * (hour % 2))))
        created_at = datetime.fromisoformat(f"{text}+00:00")
        Payment.objects.filter(pk=payment.pk).update(created_at=created_at)

    rows = client.get(list_of("payment"), {"when": when}).context["cl"].queryset

    days = [f"{timezone.localdate(row.created_at):%Y-%m-%d}" for row in rows.order_by("-created_at")]
    assert days == (found or ["2026-11-22", "2026-11-16", "2026-11-01", "2026-10-31"])
