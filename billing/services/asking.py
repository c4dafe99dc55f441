"""Asks gateways what became of payments whose message never came.

The answer is processed like a message, so one that comes as well changes nothing. A payment is claimed by
a conditional update that postpones its next question, longer each time; no lock is held while a gateway
answers.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from billing.gateways import gateway_of
from billing.models import Payment
from billing.querysets import ASK_AFTER, PaymentQuerySet
from billing.services.gateway_messages import receive_message
from billing.statuses import GatewayCode
from hms.core.transactions import retried_atomic

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 50  # of one gateway
MOST_FAILURES = 3  # one after the other, then the gateway is taken to be away
LONGEST_PAUSE = timedelta(hours=6)


def ask_gateways() -> tuple[int, int]:
    """Ask about the payments that are due; returns how many answers came and how many questions failed."""
    due = Payment.objects.to_ask_about(timezone.now())
    rounds = [_ask_gateway(due.filter(gateway=code)) for code in GatewayCode]
    answered, failed = zip(*rounds, strict=True)
    return sum(answered), sum(failed)


def _ask_gateway(due: PaymentQuerySet) -> tuple[int, int]:
    answered = failed = in_a_row = 0
    for payment in list(due[:MOST_AT_ONCE]):
        if not _claim(payment, timezone.now()):
            continue
        try:
            answered += _ask(payment)
            in_a_row = 0
        except Exception:  # one payment must not stop the others
            logger.exception("The gateway said nothing about payment %s", payment.reference)
            failed, in_a_row = failed + 1, in_a_row + 1
        if in_a_row == MOST_FAILURES:
            break
    return answered, failed


def pause_after(asked_times: int) -> timedelta:
    """Until the next question: 4, 8, 16 … minutes, at most six hours."""
    return min(ASK_AFTER * 2 ** min(asked_times + 1, 10), LONGEST_PAUSE)


@retried_atomic
def _claim(payment: Payment, now: datetime) -> bool:
    """Whether this worker asks: nobody has postponed the question since it was read."""
    seen = Payment.objects.filter(pk=payment.pk, ask_at=payment.ask_at)
    return bool(seen.update(ask_at=now + pause_after(payment.asked_times), asked_times=F("asked_times") + 1))


def _ask(payment: Payment) -> bool:
    """Whether the gateway knows an outcome."""
    message = gateway_of(payment.gateway).status_of(payment)
    if message is None:
        return False
    receive_message(message)
    return True
