"""Sending what is waiting. Any number of senders may run: a row belongs to whoever claims it first.

A claim is a conditional update that moves the row's next attempt out of the others' sight; no lock is
held while a mail server takes its time. Who dies between the server's yes and our note of it, or is
slower than its claim, leaves a letter that goes out twice, under the same Message-ID.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.utils import timezone

from hms.core.states import StepRefused
from hms.core.transactions import retried_atomic
from hms.notifications.models import Notification
from hms.notifications.services import mark_failed, mark_sent
from hms.notifications.statuses import NotificationStatus

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=10)  # longer than any one letter takes
BATCH = 100


class Unreachable(Exception):
    """The mail server does not answer: nobody's letter is at fault, and no attempt is counted."""


def send_due() -> tuple[int, int]:
    """Send everything that is due; returns how many were sent and how many were not."""
    sent = failed = 0
    while batch := list(Notification.objects.to_send()[:BATCH]):
        outcomes = [_outlive(row) for row in batch if _claim(row)]
        sent += outcomes.count(True)
        failed += outcomes.count(False)
    return sent, failed


@retried_atomic
def _claim(row: Notification) -> bool:
    """Whether the row is ours: it was still as we read it, and is out of sight for a while now."""
    until = timezone.now() + CLAIM
    seen = Notification.objects.filter(pk=row.pk, status=NotificationStatus.WAITING, due_at=row.due_at)
    return bool(seen.update(due_at=until))


def _outlive(row: Notification) -> bool:
    """Send it, whatever is wrong with it; only where mail or database are gone there is no going on."""
    try:
        return _send_claimed(row)
    except (Unreachable, OperationalError, InterfaceError):
        raise
    except Exception as error:  # the row waits until its claim runs out
        logger.error("Notification %s is left for later: %s", row.reference, in_short(error))
        return False


def _send_claimed(row: Notification) -> bool:
    connection = _open(row)
    Notification.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
    row.attempts += 1
    try:
        connection.send_messages([letter(row, connection)])
    except Exception as error:  # whatever is wrong with this one, the next may be right
        with suppress(StepRefused):  # see below
            mark_failed(notification=row, error=in_short(error))
        # Neither the message nor the traceback: both may name the recipient.
        logger.warning("Notification %s was not sent: %s", row.reference, in_short(error))
        return False
    finally:
        connection.close()
    with suppress(StepRefused):  # we were slower than our claim, and another sender has sent it too
        mark_sent(notification=row)
    return True


def _open(row: Notification) -> BaseEmailBackend:
    """A connection to the mail server; where there is none the row goes back as it was."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        Notification.objects.filter(pk=row.pk).update(due_at=row.due_at, last_error=in_short(error))
        raise Unreachable(in_short(error)) from error
    return connection


def letter(row: Notification, connection: BaseEmailBackend) -> EmailMessage:
    """The message, which carries the same Message-ID however often it is sent."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return EmailMessage(
        subject=row.subject,
        body=row.body,
        to=[row.recipient],
        connection=connection,
        headers={"Message-ID": f"<{row.reference}@{domain}>", "Auto-Submitted": "auto-generated"},
    )


def in_short(error: Exception) -> str:
    """What went wrong, without the words of the server, which may repeat the recipient's address."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
