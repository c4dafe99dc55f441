"""The practice bank: a simulated gateway on this server; the payer chooses the outcome with a button.

Like a real gateway it knows only the reference and the amount of a payment and reports the outcome in
signed messages, which may arrive late, twice or out of order.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from billing.gateways.base import BadMessage, BadSignature, Gateway, Message, MessageKind
from billing.models import Payment, Refund, SimulatedDelivery
from billing.statuses import GatewayCode
from hms.core.transactions import retried_atomic

SIGNATURE_HEADER = "X-Practice-Bank-Signature"
SALT = "billing.gateways.simulated"
LATE_BY = timedelta(minutes=1)
MOST_PAISE = 10**15  # more than any bank moves


class Outcome(models.TextChoices):
    """The buttons of the practice bank; a payer can also leave without pressing one."""

    PAID = "paid", _("Pay")
    DECLINED = "declined", _("Decline")
    LATE = "late", _("Pay, but let the money arrive too late")


class PracticeBank(Gateway):
    code = GatewayCode.SIMULATED

    def checkout_url(self, payment: Payment) -> str:
        return reverse("billing:pay-simulated", args=[payment.reference])

    def refund(self, refund: Refund) -> str:
        return f"PBR-{refund.reference}"

    def status_of(self, payment: Payment) -> Message | None:
        """From the bank's own books, whether or not its message has arrived."""
        decided = SimulatedDelivery.objects.filter(payment_reference=payment.reference)
        newest = decided.filter(due_at__lte=timezone.now()).order_by("due_at", "pk").last()
        if newest is None:
            return None
        return self.read(newest.body.encode(), {SIGNATURE_HEADER: newest.signature})

    def read(self, body: bytes, headers: Mapping[str, str]) -> Message:
        # As bytes: compare_digest raises TypeError for text that is not ASCII.
        signature = headers.get(SIGNATURE_HEADER, "").encode()
        if not hmac.compare_digest(sign(body).encode(), signature):
            raise BadSignature
        try:
            payload = json.loads(body)
            if type(payload["paise"]) is not int or abs(payload["paise"]) > MOST_PAISE:
                raise BadMessage
            return Message(
                gateway=self.code,
                event_id=payload["event"],
                kind=MessageKind(payload["kind"]),
                payment_reference=payload["payment"],
                amount=Decimal(payload["paise"]) / 100,
                gateway_reference=payload["transaction"],
                reason=payload["reason"],
                payload=payload,
            )
        except (ValueError, KeyError, TypeError, ArithmeticError) as error:
            raise BadMessage from error


def sign(body: bytes) -> str:
    """HMAC-SHA256 of the raw body, with a separate key derived from SECRET_KEY."""
    return salted_hmac(SALT, body, algorithm="sha256").hexdigest()


@retried_atomic
def decide(payment: Payment, outcome: Outcome) -> SimulatedDelivery:
    """Write and sign the bank's message; a repeated click makes no second message."""
    body = json.dumps(_message(payment, outcome))
    delivery, _created = SimulatedDelivery.objects.get_or_create(
        event_id=_event_id(payment, outcome),
        defaults={
            "payment_reference": payment.reference,
            "body": body,
            "signature": sign(body.encode()),
            "due_at": _due_at(payment, outcome),
        },
    )
    return delivery


def _message(payment: Payment, outcome: Outcome) -> dict:
    declined = outcome == Outcome.DECLINED
    return {
        "event": _event_id(payment, outcome),
        "kind": MessageKind.FAILED if declined else MessageKind.CAPTURED,
        "payment": payment.reference,
        "paise": int(payment.amount * 100),
        "transaction": f"PB-{payment.reference}",
        "reason": str(_("The bank declined the payment.")) if declined else "",
    }


def _event_id(payment: Payment, outcome: Outcome) -> str:
    return f"{payment.reference}-{outcome}"


def _due_at(payment: Payment, outcome: Outcome):
    now = timezone.now()
    if outcome != Outcome.LATE:
        return now
    visit = payment.invoice.appointment
    return max(now, visit.held_until if visit and visit.held_until else now) + LATE_BY
