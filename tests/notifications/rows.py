"""Rows and mail servers for the tests of notifications."""

import socket
from decimal import Decimal

from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from billing.services import refund_payment
from hms.notifications.models import Notification
from hms.notifications.services import queue_notification
from hms.notifications.statuses import NotificationStatus
from tests.billing.rows import cashier, held, paid
from tests.factories import PatientFactory


def queued(
    to: str = "payer@example.org",
    key: str = "refund/1",
    name: str = "Asha Rao",
    recipient: str | None = None,
    **fields,
) -> Notification:
    """A waiting notification; `recipient` is stored as it is, which only SQL does with a line end."""
    patient = PatientFactory(full_name=name)
    words = {"refund": {"amount": Decimal("10.00"), "reason": "Kindness"}, "payment": {"reference": "P1"}}
    row = queue_notification(kind="refund", to=to, patient=patient, reader=patient, context=words, key=key)
    Notification.objects.filter(pk=row.pk).update(**fields)
    if recipient is not None:
        with connection.cursor() as cursor:
            command = "UPDATE notifications_notification SET recipient = %s WHERE id = %s"
            cursor.execute(command, [recipient, row.pk])
    row.refresh_from_db()
    return row


def refunded(amount: str = "100.00"):
    """A refund of a carer's online payment."""
    return refund_payment(
        payment=paid(held()), amount=Decimal(amount), reason="Kindness", by=cashier(), idempotency_key="key-1"
    )


class SlowServer(EmailBackend):
    """A mail server so slow that another sender sends the message too and marks it as sent."""

    def send_messages(self, letters):
        Notification.objects.update(status=NotificationStatus.SENT, sent_at=timezone.now())
        return super().send_messages(letters)


class HalfServer(EmailBackend):
    """A mail server whose first call fails while connecting."""

    calls = 0

    def open(self):
        HalfServer.calls += 1
        if HalfServer.calls == 1:
            raise ValueError("payer@example.org")


def no_mail_server(settings) -> None:
    """A port that refuses connections, like a mail server that is down."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
