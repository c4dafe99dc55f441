"""Money that is not what was asked for: recorded as it came, refunded in full, and shown to the office."""

from decimal import Decimal

import pytest

from audit.models import AuditEvent
from billing.exceptions import NothingInDoubt
from billing.models import GatewayEvent, Payment, Receipt, Refund
from billing.services import fail_refund, mark_seen, refund_payment
from billing.statuses import BillState
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.notifications.models import Notification
from scheduling.statuses import AppointmentStatus
from tests.billing.rows import held, paid, started, status_of
from tests.billing.test_gateway import message, post
from tests.factories import at, staff
from tests.opened import opened, send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B05")]

D = Decimal


def seen_page(event: GatewayEvent) -> str:
    return f"/admin/billing/gatewayevent/{event.pk}/seen/"


def outcomes() -> list[tuple]:
    rows = Payment.objects.order_by("pk").values_list("status", "amount", "refunded_amount")
    return [(status, amount, back) for status, amount, back in rows]


@pytest.mark.parametrize("paise", [1, 55899, 55901, 111800, 99_999_999_999])
def test_another_amount_is_recorded_as_it_came_and_refunded_in_full(client, caplog, paise):
    scene = held()
    payment = started(scene)
    came = D(paise) / 100

    answer = post(client, message(payment, paise=paise))

    assert answer.json() == {"outcome": "amount_differs"}
    assert outcomes() == [("captured", came, came)]
    assert (status_of(scene), scene.invoice.state) == (AppointmentStatus.HELD, BillState.UNPAID)
    assert Receipt.objects.get().frozen["payment"]["amount"] == str(came)
    assert Refund.objects.get().amount == came
    assert Refund.objects.get().reason.endswith("arrived instead of ₹559.00.")
    assert Notification.objects.get(kind="refund").recipient == scene.carer.email
    assert f"payment {payment.reference}: {came} arrived instead of 559.00" in caplog.text


def test_a_message_that_comes_twice_refunds_another_amount_once(client):
    payment = started(held())

    for event in ("e-1", "e-1", "e-2"):
        post(client, message(payment, paise=100, event=event))

    assert outcomes() == [("captured", D("1.00"), D("1.00"))]
    assert Refund.objects.count() == 1


def test_the_payer_reads_what_arrived_and_can_pay_the_held_time_again(client):
    scene = held()
    payment = started(scene)
    post(client, message(payment, paise=50000))
    client.force_login(scene.carer)

    outcome = client.get(payment.get_absolute_url()).context["outcome"]
    paid(scene, "key-00000002")

    assert outcome.reason == "₹500.00 arrived instead of ₹559.00."
    assert outcome.texts[0].startswith("You paid ₹500.00. ₹500.00 is refunded")
    assert outcome.links[0].url == f"/book/{scene.visit.reference}/check/"
    assert (status_of(scene), scene.invoice.state) == (AppointmentStatus.BOOKED, BillState.PAID)


@pytest.mark.parametrize("paise", [0, -100, 100_000_000_000])
def test_an_amount_that_no_payment_can_have_changes_nothing_and_is_shown(client, paise):
    payment = started(held())

    answer = post(client, message(payment, paise=paise))

    assert answer.json() == {"outcome": "amount_differs"}
    assert (status_of(payment), GatewayEvent.objects.get().outcome) == ("created", "amount_differs")
    client.force_login(staff("billing_clerk"))
    assert "Nothing is refunded: please ask the bank." in client.get("/admin/").text


@pytest.mark.parametrize("paise", ["NaN", "55900", 55900.5, True, None, 10**40])
def test_an_amount_that_is_no_number_of_paise_is_refused(client, paise):
    payment = started(held())

    answer = post(client, message(payment, paise=paise))

    assert (answer.status_code, answer.json()) == (400, {"error": "message"})
    assert (status_of(payment), GatewayEvent.objects.count()) == ("created", 0)


def test_a_second_transaction_of_one_payment_is_recorded_and_refunded(client):
    scene = held()
    payment = started(scene)
    post(client, message(payment))

    for event in ("e-2", "e-3"):
        post(client, message(payment, event=event, transaction="PB-AGAIN"))

    assert outcomes() == [("captured", D("559.00"), D("0.00")), ("captured", D("559.00"), D("559.00"))]
    assert Refund.objects.get().reason == "The bill had already been paid."
    assert (status_of(scene), scene.invoice.counting_payment) == (AppointmentStatus.BOOKED, payment)


def test_a_second_report_of_one_transaction_with_another_amount_changes_nothing_and_is_shown(client):
    payment = started(held())
    post(client, message(payment))

    answer = post(client, message(payment, event="e-2", paise=60000))

    assert answer.json() == {"outcome": "amount_differs"}
    assert outcomes() == [("captured", D("559.00"), D("0.00"))]


def test_the_index_shows_the_billing_office_what_arrived_and_what_was_decided(client):
    scene = held()
    post(client, message(started(scene), paise=50000))
    seen = {}

    for role in ("billing_clerk", "administrator", "receptionist", "doctor"):
        client.force_login(staff(role))
        seen[role] = "₹500.00 arrived instead of ₹559.00" in client.get("/admin/").text

    assert seen == {"billing_clerk": True, "administrator": True, "receptionist": False, "doctor": False}


def test_the_index_shows_a_refund_that_failed_until_it_is_decided_again(client):
    clerk = staff("billing_clerk")
    payment = paid(held())
    refund = refund_payment(
        payment=payment, amount=D("559.00"), reason="Kindness", by=clerk, idempotency_key="key-00000001"
    )
    client.force_login(clerk)

    shown = []
    fail_refund(refund=refund, by=SYSTEM)
    shown.append(f"A refund of ₹559.00 failed: {payment.reference}" in client.get("/admin/").text)
    refund_payment(
        payment=payment, amount=D("559.00"), reason="Kindness", by=clerk, idempotency_key="key-00000002"
    )
    shown.append(f"A refund of ₹559.00 failed: {payment.reference}" in client.get("/admin/").text)

    assert shown == [True, False]


def in_doubt(client) -> bool:
    return "₹500.00 arrived instead of ₹559.00" in client.get("/admin/").text


def test_what_the_billing_office_has_marked_as_seen_leaves_the_list_with_a_note(client):
    clerk = staff("billing_clerk")
    post(client, message(started(held()), paise=50000))
    event = GatewayEvent.objects.get()
    client.force_login(clerk)

    shown = [in_doubt(client)]
    refused = send(client, seen_page(event), {"note": " "})
    shown.append(in_doubt(client))
    send(client, seen_page(event), {"note": "Asked the bank, told the payer"})
    shown.append(in_doubt(client))

    event.refresh_from_db()
    assert (refused.status_code, shown) == (200, [True, True, False])
    assert (event.seen_by, event.seen_note) == (clerk, "Asked the bank, told the payer")
    assert (
        AuditEvent.objects.filter(model="billing.gatewayevent", action="update").latest("pk").actor_id
        == clerk.pk
    )


def test_only_those_who_refund_mark_and_only_messages_in_doubt(client):
    post(client, message(started(held()), paise=50000))
    in_order = started(held(at(11)))
    post(client, message(in_order, event="e-2"))
    wrong, right = GatewayEvent.objects.order_by("pk")
    client.force_login(staff("receptionist"))

    answer = client.get(seen_page(wrong))
    with pytest.raises(NotAllowed):
        mark_seen(event=wrong, note="Fine", by=staff("receptionist"))
    with pytest.raises(NothingInDoubt):
        mark_seen(event=right, note="Fine", by=staff("billing_clerk"))

    assert answer.status_code in (302, 403)
    assert not GatewayEvent.objects.exclude(seen_note="").exists()


def test_two_notes_at_once_are_shown_as_a_conflict(client):
    post(client, message(started(held()), paise=50000))
    event = GatewayEvent.objects.get()
    client.force_login(staff("billing_clerk"))
    old = opened(client, seen_page(event)) | {"note": "Mine"}
    mark_seen(event=event, note="Theirs", by=staff("billing_clerk"))

    answer = client.post(seen_page(event), old)

    event.refresh_from_db()
    assert (answer.status_code, event.seen_note) == (409, "Theirs")
