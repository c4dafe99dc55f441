"""Sends waiting deliveries. Any number of senders may run: each row is sent by the one that claims it.

A delivery is sent twice, under the same `webhook-id`, if a sender dies after the receiver has taken it and
before that is written down. A round ends after a while, so that slow receivers hold up nothing else.
"""

import logging
import time
from datetime import timedelta

from django.utils import timezone

from hms.core.outbox import claim
from hms.webhooks.models import Delivery
from hms.webhooks.services import note_answer, secrets_of
from hms.webhooks.signing import signed_headers
from hms.webhooks.transport import Answer, post

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=2)  # longer than sending takes
ROUND_S = 30.0


def send_due() -> tuple[int, int]:
    """Send what is due; returns how many were accepted and how many failed."""
    accepted = failed = 0
    ends_at = time.monotonic() + ROUND_S
    while time.monotonic() < ends_at and (row := Delivery.objects.to_send().first()):
        now = timezone.now()
        begun = {"attempts": row.attempts + 1, "tried_since": row.tried_since or now, "tried_at": now}
        if claim(row, until=now + CLAIM, **begun):
            was_accepted = _send(row)
            accepted, failed = accepted + was_accepted, failed + (not was_accepted)
    return accepted, failed


def _send(row: Delivery) -> bool:
    answer = _answer_to(row)
    note_answer(delivery=row, answer=answer)
    if not answer.is_accepted:  # without the address, which may hold a password of the receiver
        said = answer.error or answer.status
        logger.warning("Webhook %s did not take delivery %s: %s", row.endpoint.reference, row.reference, said)
    return answer.is_accepted


def _answer_to(row: Delivery) -> Answer:
    body, secrets = row.body.encode(), secrets_of(row.endpoint)
    if not secrets:
        return Answer(error="SecretUnreadable")
    return post(row.endpoint.url, body, signed_headers(secrets, row.reference, int(time.time()), body))
