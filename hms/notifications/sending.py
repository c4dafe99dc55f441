"""Sends waiting notifications. Any number of senders may run: each row is sent by the one that claims it.

A claim is a conditional update that postpones the row's next attempt, so that other senders skip it; no
lock is held during the call to the service. A message is sent twice, with the same Message-ID, if a
sender dies after the server accepts it and before the row is updated, or takes longer than its claim.

A round uses one connection, and ends early when the service has refused several messages in a row, or after
half a minute, so that other jobs get their turn.
"""

import logging
import time
from contextlib import suppress
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.utils import timezone

from hms.core.outbox import claim
from hms.core.states import StepRefused
from hms.notifications.channels import sender_of
from hms.notifications.channels.base import Sender, Undeliverable, in_short
from hms.notifications.models import Notification, VisitEvent
from hms.notifications.offer_words import offers_in_vain
from hms.notifications.services import mark_failed, mark_outdated, mark_sent
from hms.notifications.statuses import Channel

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=10)  # longer than sending one message takes
BATCH = 100
ROUND_S = 30.0
MOST_REFUSED = 3  # messages in a row, in one round


class Unreachable(Exception):
    """The service does not answer, or refuses message after message: the round ends.

    A message that was not offered to it has not lost an attempt.
    """


class Line:
    """The connection of one round to a service, and how many messages in a row it has refused."""

    def __init__(self, sender: Sender):
        self.sender, self.refused = sender, 0

    def note(self, error: Exception | None) -> None:
        """Note how the last message fared; what breaks off the connection closes this end too."""
        if error is None:
            self.refused = 0
        elif isinstance(error, OSError):  # from the service; anything else is a fault of the message
            self.refused += 1
            if not self.sender.is_connected_after(error):
                self.sender.close()


def send_due(channel: str = Channel.EMAIL) -> tuple[int, int]:
    """Send what is due by one channel; returns how many were sent and how many failed."""
    sent = failed = 0
    ends_at = time.monotonic() + ROUND_S
    line = Line(sender_of(channel))
    try:
        while time.monotonic() < ends_at and (batch := list(Notification.objects.to_send(channel)[:BATCH])):
            for row in batch:
                was_sent = _claim_and_send(row, line)
                sent, failed = sent + (was_sent is True), failed + (was_sent is False)
    finally:
        line.sender.close()
    return sent, failed


def _claim_and_send(row: Notification, line: Line) -> bool | None:
    """Whether the row was sent; None if it is another sender's, or no longer true."""
    due_at = row.due_at
    if not claim(row, until=timezone.now() + CLAIM, attempts=F("attempts") + 1):
        return None
    row.attempts += 1
    if _is_outdated(row):
        with suppress(StepRefused):
            mark_outdated(notification=row)
        return None
    row.due_at = due_at
    return _try_to_send(row, line)


def _is_outdated(row: Notification) -> bool:
    if row.event_id is None:
        return offers_in_vain(row)
    return not VisitEvent.objects.select_related("appointment").get(pk=row.event_id).is_true


def _try_to_send(row: Notification, line: Line) -> bool:
    """Send one notification and log its failure; only the service or the database stops the round."""
    try:
        return _send_claimed(row, line)
    except (Unreachable, OperationalError, InterfaceError):
        raise
    except Exception as error:  # the row waits until its claim runs out
        logger.error("Notification %s is left for later: %s", row.reference, in_short(error))
        return False


def _send_claimed(row: Notification, line: Line) -> bool:
    _open(row, line)
    try:
        line.sender.send(row)
    except Exception as error:  # a fault in one message must not stop the next
        _note_failure(row, error)
        line.note(error)
        if line.refused >= MOST_REFUSED:
            raise Unreachable(in_short(error)) from error
        return False
    line.note(None)
    with suppress(StepRefused):  # the claim expired, and another sender has sent it too
        mark_sent(notification=row)
    return True


def _note_failure(row: Notification, error: Exception) -> None:
    said = in_short(error.__cause__ if isinstance(error, Undeliverable) and error.__cause__ else error)
    with suppress(StepRefused):  # the claim expired, and another sender has sent it
        mark_failed(notification=row, error=said, is_final=isinstance(error, Undeliverable))
    # Without the message and the traceback, which may name the recipient.
    logger.warning("Notification %s was not sent: %s", row.reference, said)


def _open(row: Notification, line: Line) -> None:
    """Connect to the service; if that fails, restore the row as it was before the claim."""
    try:
        line.sender.open()
    except OSError as error:
        _put_back(row, error)
        raise Unreachable(in_short(error)) from error
    except Exception:
        Notification.objects.filter(pk=row.pk).update(attempts=F("attempts") - 1)
        raise


def _put_back(row: Notification, error: OSError) -> None:
    untouched = {"due_at": row.due_at, "attempts": F("attempts") - 1, "last_error": in_short(error)}
    Notification.objects.filter(pk=row.pk).update(**untouched)
