"""Each fact is queued in its transaction for those who registered for it, with references alone."""

import json
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.models import Payment, Refund
from billing.services import fail_payment, fail_refund, refund_payment, settle_refund
from billing.services.payments import abandon_payments
from hms.core.rights import SYSTEM
from hms.webhooks.models import Delivery
from hms.webhooks.services import delete_endpoint, disable_endpoint, queue_event
from hms.webhooks.statuses import Event, topics_of
from scheduling.services import (
    cancel_appointment,
    check_in,
    complete_consultation,
    mark_no_show,
    reschedule_appointment,
    start_consultation,
)
from scheduling.services.claims import expire_hold
from tests.billing.rows import booked, cashier, held, paid, started
from tests.clinical.lab_rows import acknowledged
from tests.factories import at, doctor_with_hours, staff
from tests.racing import race
from tests.webhooks.rows import registered

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I04"), pytest.mark.usefixtures("wednesday_morning")]


def told() -> list[dict]:
    return [json.loads(row.body) for row in Delivery.objects.order_by("pk")]


def types() -> list[str]:
    return [content["type"] for content in told()]


def test_the_life_of_a_booking(wednesday_morning):
    registered()
    scene = booked(at(10, days=0))
    visit = scene.visit
    reschedule_appointment(appointment=visit, starts_at=at(11, days=0), by=SYSTEM)
    check_in(appointment=visit, by=SYSTEM)
    start_consultation(appointment=visit, by=SYSTEM)
    complete_consultation(appointment=visit, by=SYSTEM)

    assert told()[0] == {
        "type": "booking.booked",
        "timestamp": timezone.localtime().isoformat(),
        "data": {"kind": "booking", "ref": visit.reference, "status": "booked"},
    }
    assert [(content["type"], content["data"]["status"]) for content in told()] == [
        ("booking.booked", "booked"),
        ("booking.moved", "booked"),
        ("booking.arrived", "arrived"),
        ("booking.started", "in_consultation"),
        ("booking.completed", "completed"),
    ]


def test_bookings_that_come_to_nothing(wednesday_morning):
    registered(
        "https://93.184.215.14/", "booking.cancelled", "booking.no_show", "booking.expired", "booking.held"
    )
    cancelled, missed, run_out = booked(at(10, days=0)), booked(at(11, days=0)), held(at(9, days=1))
    cancel_appointment(appointment=cancelled.visit, by=SYSTEM)
    wednesday_morning.shift(timedelta(hours=3))
    mark_no_show(appointment=missed.visit, by=SYSTEM)
    expire_hold(run_out.visit.pk)

    assert [(content["type"], content["data"]["ref"]) for content in told()] == [
        ("booking.held", run_out.visit.reference),
        ("booking.cancelled", cancelled.visit.reference),
        ("booking.no_show", missed.visit.reference),
        ("booking.expired", run_out.visit.reference),
    ]


def test_payments_and_refunds(wednesday_morning):
    registered("https://93.184.215.14/", "payment.*")
    scene = held(at(10))
    payment = paid(scene)
    for key in ("key-1", "key-2"):
        refund_payment(
            payment=payment, amount=Decimal("10.00"), reason="Kindness", by=cashier(), idempotency_key=key
        )
    first, second = Refund.objects.order_by("pk")
    settle_refund(refund=first, by=SYSTEM)
    fail_refund(refund=second, by=SYSTEM)
    declined = started(held(at(11)))
    fail_payment(payment=declined, by=SYSTEM)
    given_up = started(held(at(9)))
    abandon_payments(before=timezone.now() + timedelta(minutes=1))

    of_refund = {"kind": "refund", "payment": payment.reference}
    assert [(content["type"], content["data"]) for content in told()] == [
        ("payment.captured", of_payment(payment, "captured")),
        ("payment.refund_started", of_refund | {"ref": first.reference, "status": "pending"}),
        ("payment.refund_started", of_refund | {"ref": second.reference, "status": "pending"}),
        ("payment.refunded", of_refund | {"ref": first.reference, "status": "processed"}),
        ("payment.refund_failed", of_refund | {"ref": second.reference, "status": "failed"}),
        ("payment.failed", of_payment(declined, "failed")),
        ("payment.abandoned", of_payment(given_up, "abandoned")),
    ]


def of_payment(payment: Payment, status: str) -> dict:
    booking = payment.invoice.appointment.reference
    return {"kind": "payment", "ref": payment.reference, "status": status, "booking": booking}


def test_a_released_result_says_nothing_but_that_it_is_there():
    doctor = doctor_with_hours(user=staff("doctor"))
    registered("https://93.184.215.14/", "result.released")

    result = acknowledged(doctor, "7.9")

    [row] = Delivery.objects.all()
    patient = result.patient
    assert told()[0]["data"] == {"kind": "result", "ref": result.reference, "status": "acknowledged"}
    words = [
        "7.9",
        patient.full_name,
        patient.mrn,
        patient.reference,
        str(patient.phone),
        result.order.test.name,
    ]
    assert [word for word in words if word in row.body] == []


def test_only_what_was_registered_for_is_queued_and_nothing_for_a_disabled_address():
    registered("https://93.184.215.14/", "payment.*", name="Bank")
    disable_endpoint(endpoint=registered(name="Off"), by=SYSTEM)
    exact = registered("https://93.184.215.14/", "booking.booked", "booking.*", name="Exact")

    booked(at(10))

    assert list(Delivery.objects.values_list("endpoint", "event")) == [(exact.pk, "booking.booked")]


def test_a_booking_that_is_rolled_back_queues_nothing():
    registered()

    with transaction.atomic():
        booked(at(10))
        queued_within = types()
        transaction.set_rollback(True)

    assert (queued_within, types()) == (["booking.booked"], [])


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one lock, for the whole file")
@pytest.mark.django_db(transaction=True)
def test_a_fact_does_not_fail_because_an_address_is_deleted_meanwhile():
    gone, kept = registered(name="Gone"), registered(name="Kept")
    ends = Counter()

    def facts():
        ends.update(race(lambda: delete_endpoint(endpoint=gone, by=SYSTEM)))
        return {"kind": "booking", "ref": "R", "status": "booked"}

    with transaction.atomic():
        queue_event(event=Event.BOOKING_BOOKED, facts=facts)

    assert ends == {"NoneType": 1}
    assert list(Delivery.objects.values_list("endpoint", flat=True)) == [kept.pk]


def test_without_addresses_an_event_costs_one_query():
    scene = booked(at(10, days=0))

    with CaptureQueriesContext(connection) as queries:
        cancel_appointment(appointment=scene.visit, by=SYSTEM)

    asked = [query["sql"] for query in queries if "webhooks_" in query["sql"]]
    assert (len(asked), asked[0].split()[0]) == (1, "SELECT")


def test_every_event_belongs_to_a_topic_that_the_documents_name():
    written = (Path(settings.BASE_DIR) / "docs" / "webhooks.md").read_text()

    assert [event for event in Event if f"`{event}`" not in written] == []
    assert topics_of(Event.REFUNDED) == {"payment.refunded", "payment.*"}
