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
    body, endpoint = row.body.encode(), row.endpoint
    headers = signed_headers(secrets_of(endpoint), row.reference, int(time.time()), body)
    answer = post(endpoint.url, body, headers)
    note_answer(delivery=row, answer=answer)
    if not answer.is_accepted:  # without the address, which may hold a password of the receiver
        logger.warning(
            "Webhook %s did not take delivery %s: %s", endpoint.reference, row.reference, in_short(answer)
        )
    return answer.is_accepted


def in_short(answer: Answer) -> str:
    return answer.error or str(answer.status)
