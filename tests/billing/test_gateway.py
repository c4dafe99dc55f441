"""The practice bank: each signed message takes effect once, in any order."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from billing.gateways.simulated import SIGNATURE_HEADER, Outcome, decide, sign
from billing.models import GatewayEvent, Payment, Receipt, Refund, SimulatedDelivery
from billing.services.gateway_messages import deliver, deliver_due
from billing.services.refunds import decide_refund
from billing.statuses import PaymentStatus
from hms.core.rights import SYSTEM
from scheduling.statuses import AppointmentStatus
from tests.billing.rows import held, paid, started, status_of, take_the_time
from tests.factories import at

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B05")]

D = Decimal
CALLBACK = "/pay/simulated/callback/"


def message(about: Payment, **changes) -> bytes:
    fields = {
        "event": "e-1",
        "kind": "captured",
        "payment": about.reference,
        "paise": 55900,
        "transaction": f"PB-{about.reference}",
        "reason": "",
    }
    return json.dumps(fields | changes).encode()


def post(client, body: bytes, signature: str | None = None):
    headers = {SIGNATURE_HEADER: sign(body) if signature is None else signature}
    return client.post(CALLBACK, body, content_type="application/json", headers=headers)


def test_a_signed_message_from_outside_settles_the_payment(client):
    payment = started(held())

    answer = post(client, message(payment))

    assert (answer.status_code, answer.json()) == (200, {"outcome": "captured"})
    assert status_of(payment) == PaymentStatus.CAPTURED


@pytest.mark.parametrize("signature", ["", "0" * 64, sign(b"something else"), "é"])
def test_a_forged_message_is_refused_and_leaves_no_trace(client, signature):
    payment = started(held())

    answer = post(client, message(payment), signature)

    assert (answer.status_code, answer.json()) == (403, {"error": "signature"})
    assert (status_of(payment), GatewayEvent.objects.count()) == (PaymentStatus.CREATED, 0)


def test_a_message_changed_after_signing_is_refused(client):
    payment = started(held())
    signature = sign(message(payment, kind="failed"))

    assert post(client, message(payment), signature).status_code == 403
    assert status_of(payment) == PaymentStatus.CREATED


def test_a_message_that_comes_twice_counts_once(client):
    payment = started(held())

    answers = [post(client, message(payment)).json() for _n in range(2)]

    assert answers == [{"outcome": "captured"}, {"outcome": "duplicate"}]
    assert (GatewayEvent.objects.count(), Receipt.objects.count()) == (1, 1)


def test_messages_in_the_wrong_order_end_as_paid(client):
    payment = started(held())

    post(client, message(payment, event="e-2"))
    late = post(client, message(payment, event="e-1", kind="failed", reason="Declined"))

    assert late.json() == {"outcome": "captured"}
    assert status_of(payment) == PaymentStatus.CAPTURED


def test_a_message_about_an_unknown_payment_gets_404(client):
    body = message(started(held()), payment="NOSUCHTHNG")

    assert (post(client, body).status_code, GatewayEvent.objects.count()) == (404, 0)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"kind": "dance"}', b"\xff"])
def test_a_signed_message_that_makes_no_sense_is_refused(client, body):
    answer = post(client, body)

    assert (answer.status_code, GatewayEvent.objects.count()) == (400, 0)


def test_a_desk_payment_is_not_touched_by_messages(client):
    payment = started(held())
    Payment.objects.filter(pk=payment.pk).update(gateway="desk")

    assert post(client, message(payment)).status_code == 404
    assert status_of(payment) == PaymentStatus.CREATED


def test_only_post_is_allowed(client):
    answer = client.get(CALLBACK)

    assert (answer.status_code, "GET" in answer["Allow"]) == (405, False)


def test_messages_need_no_csrf_token_and_no_login(client):
    client.handler.enforce_csrf_checks = True

    payment = started(held())

    assert post(client, message(payment)).status_code == 200
    assert status_of(payment) == PaymentStatus.CAPTURED


def test_the_log_names_the_bank_as_the_source(client):
    scene = held()
    payment = started(scene)
    client.force_login(scene.carer)

    post(client, message(payment))

    logged = AuditEvent.objects.filter(model="billing.payment", object_pk=payment.pk, action="update")
    assert {(row.actor_id, row.source, row.reason) for row in logged} == {(None, "api", "simulated: e-1")}


def test_a_command_delivers_a_late_payment_after_the_hold():
    scene = held()
    payment = started(scene)
    decide(payment, Outcome.LATE)
    too_early = deliver_due()

    with time_machine.travel(timezone.now() + timedelta(minutes=12)):
        take_the_time(scene)
        out = StringIO()
        call_command("deliver_late_payments", stdout=out)

    assert (too_early, out.getvalue()) == ((0, 0), "Delivered 1 message.\n")
    assert status_of(payment) == PaymentStatus.CAPTURED
    assert Refund.objects.get().amount == D("559.00")


def test_the_command_can_deliver_before_the_time():
    payment = started(held())
    decide(payment, Outcome.LATE)

    call_command("deliver_late_payments", all=True, stdout=StringIO())

    payment.refresh_from_db()
    assert payment.invoice.appointment.status == AppointmentStatus.BOOKED
    assert SimulatedDelivery.objects.get().delivered_at is not None


def test_a_message_that_cannot_be_acted_on_does_not_stop_the_rest(caplog):
    broken, payment = decide(started(held()), Outcome.LATE), started(held(at(11)), "key-00000002")
    SimulatedDelivery.objects.filter(pk=broken.pk).update(signature="forged", due_at=timezone.now())
    decide(payment, Outcome.LATE)
    out = StringIO()

    with pytest.raises(CommandError, match="1 message was not delivered"):
        call_command("deliver_late_payments", all=True, stdout=out)

    broken.refresh_from_db()
    assert (out.getvalue(), status_of(payment)) == ("Delivered 1 message.\n", PaymentStatus.CAPTURED)
    assert broken.delivered_at is None
    assert f"Message {broken.event_id} of the practice bank could not be processed" in caplog.text


def test_a_button_pressed_twice_makes_one_message():
    payment = started(held())

    deliveries = {decide(payment, Outcome.PAID).pk for _n in range(2)}

    assert len(deliveries) == 1


def test_a_delivery_repeated_after_a_crash_changes_nothing():
    payment = started(held())
    delivery = decide(payment, Outcome.PAID)

    outcomes = [deliver(delivery), deliver(delivery)]

    assert outcomes == ["captured", "duplicate"]


def test_commands_send_refunds_and_give_up_old_attempts():
    scene = held()
    paid(scene)
    old = started(held(at(10)))

    decide_refund(scene.payment, D("10.00"), "Kindness", by=SYSTEM, key="k")
    out = StringIO()

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        call_command("tidy_payments", stdout=out)

    assert out.getvalue() == "Sent 1 refund, gave up 1 payment.\n"
    assert status_of(old) == PaymentStatus.ABANDONED


def test_the_callback_has_a_fixed_address():
    assert reverse("billing:callback-simulated") == CALLBACK
