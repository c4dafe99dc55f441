"""Process gateway messages: each one once, in any order; only the right amount pays a bill."""

import logging

from django.utils import timezone

from audit.capture.context import Source, audit_context
from billing.exceptions import NothingInDoubt, SeenNoteMissing
from billing.gateways import Message, gateway_of
from billing.gateways.base import MessageKind
from billing.gateways.simulated import SIGNATURE_HEADER
from billing.models import GatewayEvent, Payment, SimulatedDelivery
from billing.services.locks import lock_payment
from billing.services.payments import fail_payment, settle_payment, write_payment
from billing.statuses import AMOUNT_DIFFERS, GatewayCode
from hms.core.locks import lock_row
from hms.core.references import new_reference
from hms.core.rights import SYSTEM, require
from hms.core.transactions import retried_atomic

logger = logging.getLogger(__name__)
MOST = 10**9  # rupees, beyond which no amount can be stored


class UnknownPayment(Exception):
    """The message is about a payment that does not exist here."""


def receive_message(message: Message) -> str:
    """Process a message and return the outcome; a repeated message changes nothing."""
    with audit_context(actor=SYSTEM, source=Source.API, reason=f"{message.gateway}: {message.event_id}"):
        return _receive(message)


@retried_atomic
def _receive(message: Message) -> str:
    found = Payment.objects.filter(reference=message.payment_reference, gateway=message.gateway).first()
    if found is None:
        raise UnknownPayment
    payment = lock_payment(found.pk)
    if GatewayEvent.objects.filter(gateway=message.gateway, event_id=message.event_id).exists():
        return "duplicate"
    payment = _of_transaction(payment, message)
    outcome = _act(payment, message)
    GatewayEvent.objects.create(
        gateway=message.gateway,
        event_id=message.event_id,
        kind=message.kind,
        payment=payment,
        outcome=outcome,
        payload=message.payload,
    )
    return outcome


def _act(payment: Payment, message: Message) -> str:
    if message.kind == MessageKind.FAILED:
        return str(fail_payment(payment=payment, reason=message.reason, by=SYSTEM).status)
    asked, came = payment.amount, message.amount
    if 0 < came < MOST:
        payment = settle_payment(
            payment=payment, gateway_reference=message.gateway_reference, came=came, by=SYSTEM
        )
    if came == asked:
        return str(payment.status)
    refunded = payment.refunded_amount
    text = "payment %s: %s arrived instead of %s, of which %s is refunded"
    logger.error(text, payment.reference, came, asked, refunded)
    return AMOUNT_DIFFERS


def _of_transaction(payment: Payment, message: Message) -> Payment:
    """The payment, or a new one for a second transaction by which the gateway took its money again."""
    taken_before = payment.is_captured and payment.gateway_reference != message.gateway_reference
    if not taken_before or message.kind != MessageKind.CAPTURED:
        return payment
    known = payment.invoice.payments.filter(gateway_reference=message.gateway_reference).first()
    return known or write_payment(
        payment.invoice,
        method=payment.method,
        gateway=payment.gateway,
        by=payment.by or SYSTEM,
        key=new_reference(),
    )


@retried_atomic
def mark_seen(*, event: GatewayEvent, note: str, by) -> GatewayEvent:
    """Note what became of money that was not what had been asked for; a later note replaces the first.

    Refuses all but those who may refund, a missing note, and messages about the right amount.
    """
    require(by, "billing.refund_payment")
    event = lock_row(GatewayEvent.objects.all(), pk=event.pk)
    if event.outcome != AMOUNT_DIFFERS:
        raise NothingInDoubt
    if not note.strip():
        raise SeenNoteMissing
    event.seen_by, event.seen_at, event.seen_note = by, timezone.now(), note.strip()
    event.save(update_fields=["seen_by", "seen_at", "seen_note"])
    return event


def deliver(delivery: SimulatedDelivery) -> str:
    """Deliver a message of the practice bank as if it arrived from another server."""
    headers = {SIGNATURE_HEADER: delivery.signature}
    message = gateway_of(GatewayCode.SIMULATED).read(delivery.body.encode(), headers)
    outcome = receive_message(message)
    SimulatedDelivery.objects.filter(pk=delivery.pk).update(delivered_at=timezone.now())
    return outcome


def deliver_due(*, now=None) -> tuple[int, int]:
    """Deliver the practice bank's due messages; returns how many were delivered and how many failed."""
    due = SimulatedDelivery.objects.filter(delivered_at=None, due_at__lte=now or timezone.now())
    outcomes = [_try_to_deliver(delivery) for delivery in due]
    return outcomes.count(True), outcomes.count(False)


def _try_to_deliver(delivery: SimulatedDelivery) -> bool:
    """Whether delivery succeeds; after a failure, which is logged, the message stays due."""
    try:
        deliver(delivery)
    except Exception:
        logger.exception("Message %s of the practice bank could not be processed", delivery.event_id)
        return False
    return True
