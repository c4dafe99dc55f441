"""Refunds: the amount is reserved on the payment first and sent to the gateway after the commit."""

import logging
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.exceptions import SecondPersonNeeded
from billing.exceptions import RefundTooLarge
from billing.gateways import gateway_of
from billing.models import Payment, Refund
from billing.services.locks import lock_payment, lock_refund
from billing.signals import refund_decided, refund_settled
from billing.statuses import GatewayCode, RefundStatus
from hms.core.money import to_paisa
from hms.core.references import new_reference
from hms.core.refusals import KeyReused, NotAllowed
from hms.core.rights import SYSTEM, person, require
from hms.core.states import move
from hms.core.transactions import retried_atomic

logger = logging.getLogger(__name__)


@retried_atomic
def refund_payment(
    *, payment: Payment, amount: Decimal | None, reason: str, by, idempotency_key: str
) -> Refund:
    """Refund a part of a payment, or without `amount` the rest; the same key returns the first refund.

    Refuses callers without the right to refund, and amounts above the refundable rest; pending refunds
    count as refunded. Above the hospital's limit a second person is needed: `ask_refund`.
    """
    require(by, "billing.refund_payment")
    payment = lock_payment(payment.pk)
    key = key_of_refund(payment, idempotency_key)
    first = Refund.objects.filter(idempotency_key=key).first()
    if amount is None:
        amount = first.amount if first else refundable_of(payment)
    if first is None and by is not SYSTEM and needs_two(payment, amount):
        raise SecondPersonNeeded
    return decide_refund(payment, amount, reason, by=by, key=key)


def needs_two(payment: Payment, amount: Decimal) -> bool:
    """Whether what is refunded of the payment would exceed what one person may refund.

    An amount that cannot be refunded at all is refused to one person as well.
    """
    left = refundable_of(payment)
    return amount <= left and payment.refunded_amount + amount > settings.REFUND_LIMIT


def refundable_of(payment: Payment) -> Decimal:
    return payment.refundable_amount if payment.is_captured else Decimal("0.00")


def key_of_refund(payment: Payment, key: str) -> str:
    """A key counts for its own payment only."""
    return f"{payment.reference}/{key}"


def decide_refund(payment: Payment, amount: Decimal, reason: str, *, by, key: str) -> Refund:
    """Create a refund inside the caller's transaction; it is sent after the commit."""
    payment = lock_payment(payment.pk)
    amount = to_paisa(amount)
    first = Refund.objects.filter(idempotency_key=key).first()
    if first:
        if first.amount != amount:
            raise KeyReused
        return first
    refund = refund_of(payment, amount, reason, by=by, key=key, at=timezone.now())
    payment.save(update_fields=["refunded_amount"])
    refund.save(force_insert=True)
    refund_decided.send(Refund, refund=refund, by=by)
    transaction.on_commit(partial(send_refund, refund.pk), robust=True)
    return refund


def refund_of(
    payment: Payment, amount: Decimal, reason: str, *, by, key: str, at: datetime, reference: str = ""
) -> Refund:
    """The refund, and its amount reserved on the payment; neither is saved yet.

    Refuses `RefundTooLarge` beyond what is left of money that came.
    """
    left = refundable_of(payment)
    if not 0 < amount <= left:
        raise RefundTooLarge(left=left)
    payment.refunded_amount += amount
    return Refund(
        reference=reference or new_reference(),
        payment=payment,
        amount=amount,
        reason=reason,
        by=person(by),
        idempotency_key=key,
        created_at=at,
    )


def send_refund(pk: int) -> None:
    """Ask the gateway to refund, which a second call does not repeat. At the front desk staff pay out."""
    refund = Refund.objects.select_related("payment").get(pk=pk)
    gateway = gateway_of(refund.payment.gateway)
    if refund.status != RefundStatus.PENDING or not gateway.refunds_itself:
        return
    settle_refund(refund=refund, gateway_reference=gateway.refund(refund), by=SYSTEM)


def send_pending_refunds() -> int:
    """Send refunds that have not reached their gateway; returns how many were sent."""
    pending = Refund.objects.filter(status=RefundStatus.PENDING).exclude(payment__gateway=GatewayCode.DESK)
    return sum(_try_to_send(pk) for pk in pending.order_by("pk").values_list("pk", flat=True))


def _try_to_send(pk: int) -> bool:
    """Whether sending succeeds; after a failure, which is logged, the refund stays pending."""
    try:
        send_refund(pk)
    except Exception:
        logger.exception("Refund %s did not reach its gateway", pk)
        return False
    return True


@retried_atomic
def settle_refund(*, refund: Refund, gateway_reference: str | None = None, by) -> Refund:
    """Mark the refund as paid; a second call changes nothing."""
    require(by, "billing.refund_payment")
    refund = lock_refund(refund.pk)
    if refund.status == RefundStatus.PROCESSED:
        return refund
    columns = columns_of_settlement(gateway_reference, at=timezone.now())
    move(refund, RefundStatus.PROCESSED, **columns)
    refund_settled.send(Refund, refund=refund, by=by)
    return refund


def columns_of_settlement(gateway_reference: str | None, *, at: datetime) -> dict[str, Any]:
    """What is written on a refund when the money is back with the payer."""
    return {"closed_at": at, "gateway_reference": gateway_reference}


@retried_atomic
def fail_refund(*, refund: Refund, by) -> Refund:
    """Mark the refund as failed and release its reserved amount."""
    require(by, "billing.refund_payment")
    refund = lock_refund(refund.pk)
    if refund.status == RefundStatus.FAILED:
        return refund
    move(refund, RefundStatus.FAILED, closed_at=timezone.now(), gateway_reference=None)
    refund.payment.refunded_amount -= refund.amount
    refund.payment.save(update_fields=["refunded_amount"])
    refund_settled.send(Refund, refund=refund, by=by)
    return refund


@retried_atomic
def pay_out_refund(*, refund: Refund, by) -> Refund:
    """Mark a refund as handed out at the front desk; refuses refunds that a gateway sends."""
    require(by, "billing.refund_payment")
    if refund.payment.gateway != GatewayCode.DESK:
        raise NotAllowed
    return settle_refund(refund=refund, by=by)
