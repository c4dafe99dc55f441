"""Sends waiting notifications. Any number of senders may run: each row is sent by the one that claims it.

A claim is a conditional update that postpones the row's next attempt, so that other senders skip it; no
lock is held during the call to the mail server. A message is sent twice, with the same Message-ID, if a
sender dies after the server accepts it and before the row is updated, or takes longer than its claim.

A round uses one connection, and ends early when the server has refused several messages in a row.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.utils import timezone

from hms.core.outbox import claim
from hms.core.states import StepRefused
from hms.notifications.models import Notification
from hms.notifications.services import mark_failed, mark_sent

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=10)  # longer than sending one message takes
BATCH = 100
MOST_REFUSED = 3  # messages in a row, in one round
SERVICE_CLOSES = 421  # the reply after which an SMTP server hangs up


class Unreachable(Exception):
    """The mail server does not answer, or refuses message after message: the round ends.

    A message that was not offered to the server has not lost an attempt.
    """


class Line:
    """The connection of one round to the mail server, and how many messages in a row it has refused."""

    def __init__(self):
        self.connection: BaseEmailBackend | None = None
        self.refused = 0

    def open(self) -> BaseEmailBackend:
        if self.connection is None:
            connection = get_connection()
            connection.open()
            self.connection = connection
        return self.connection

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def note(self, error: Exception | None) -> None:
        """Note how the last message fared; what breaks off the connection closes this end too."""
        if error is None:
            self.refused = 0
        elif isinstance(error, OSError):  # from the server; anything else is a fault of the message
            self.refused += 1
            if not _was_answered(error):
                self.close()


def _was_answered(error: OSError) -> bool:
    """Whether the server replied and waits for the next message."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code != SERVICE_CLOSES for code, _text in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code != SERVICE_CLOSES


def send_due() -> tuple[int, int]:
    """Send all due notifications; returns how many were sent and how many failed."""
    sent = failed = 0
    line = Line()
    try:
        while batch := list(Notification.objects.to_send()[:BATCH]):
            for row in batch:
                if not claim(row, until=timezone.now() + CLAIM):
                    continue
                was_sent = _try_to_send(row, line)
                sent, failed = sent + was_sent, failed + (not was_sent)
    finally:
        line.close()
    return sent, failed


def _try_to_send(row: Notification, line: Line) -> bool:
    """Send one notification and log its failure; only the mail server or the database stops the round."""
    try:
        return _send_claimed(row, line)
    except (Unreachable, OperationalError, InterfaceError):
        raise
    except Exception as error:  # the row waits until its claim runs out
        logger.error("Notification %s is left for later: %s", row.reference, in_short(error))
        return False


def _send_claimed(row: Notification, line: Line) -> bool:
    connection = _open(row, line)
    Notification.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
    row.attempts += 1
    try:
        connection.send_messages([letter(row, connection)])
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
    with suppress(StepRefused):  # the claim expired, and another sender has sent it
        mark_failed(notification=row, error=in_short(error))
    # Without the message and the traceback, which may name the recipient.
    logger.warning("Notification %s was not sent: %s", row.reference, in_short(error))


def _open(row: Notification, line: Line) -> BaseEmailBackend:
    """Connect to the mail server; if that fails, restore the row as it was before the claim."""
    try:
        return line.open()
    except OSError as error:
        Notification.objects.filter(pk=row.pk).update(due_at=row.due_at, last_error=in_short(error))
        raise Unreachable(in_short(error)) from error


def letter(row: Notification, connection: BaseEmailBackend) -> EmailMessage:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return EmailMessage(
        subject=row.subject,
        body=row.body,
        to=[row.recipient],
        connection=connection,
        headers={"Message-ID": f"<{row.reference}@{domain}>", "Auto-Submitted": "auto-generated"},
    )


def in_short(error: Exception) -> str:
    """The error without the server's text, which may repeat the recipient's address."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
