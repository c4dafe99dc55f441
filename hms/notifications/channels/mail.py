"""E-mail by whatever backend Django is set to: text, the same as HTML, and a file for the calendar."""

import re
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hms.notifications.channels.base import Sender, Undeliverable
from hms.notifications.links import unsubscribe_address
from hms.notifications.models import Notification

SERVICE_CLOSES = 421  # the reply after which an SMTP server hangs up
# The address is wrong or its mailbox closed (RFC 3463). A bare 550 may mean that this server may not send.
FOR_GOOD = re.compile(rb"5\.(1\.\d+|2\.1)\b")
# Once connected, a busy server may take this long to answer: one that has taken a message and is not waited
# for gets it again.
ANSWERS_WITHIN_S = 120


class MailSender(Sender):
    def __init__(self):
        self.connection: BaseEmailBackend | None = None

    def open(self) -> None:
        if self.connection is None:
            connection = get_connection()
            connection.open()
            self.connection = connection
            if smtp := getattr(connection, "connection", None):
                smtp.timeout = ANSWERS_WITHIN_S
                smtp.sock.settimeout(ANSWERS_WITHIN_S)

    def send(self, row: Notification) -> None:
        try:
            self.connection.send_messages([letter(row, self.connection)])
        except SMTPRecipientsRefused as error:
            if all(FOR_GOOD.match(text) for _code, text in error.recipients.values()):
                raise Undeliverable from error
            raise

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def is_connected_after(self, error: OSError) -> bool:
        if isinstance(error, SMTPRecipientsRefused):
            return all(code != SERVICE_CLOSES for code, _text in error.recipients.values())
        return isinstance(error, SMTPResponseException) and error.smtp_code != SERVICE_CLOSES


def letter(row: Notification, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<{row.reference}@{domain}>", "Auto-Submitted": "auto-generated"}
    end = unsubscribe_address(row)
    if end:  # RFC 8058
        headers["List-Unsubscribe"] = f"<{end}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=row.subject,
        body=row.body + (f"\n-- \n{_('No more messages like this:')} {end}\n" if end else ""),
        to=[row.recipient],
        connection=connection,
        headers=headers,
    )
    message.attach_alternative(as_html(row, end), "text/html")
    if row.calendar:
        method = "CANCEL" if "METHOD:CANCEL" in row.calendar else "REQUEST"
        message.attach("appointment.ics", row.calendar, f"text/calendar; method={method}")
    return message


def as_html(row: Notification, end: str = "") -> str:
    """The text in the hospital's look: no script, no picture, nothing that is loaded from anywhere."""
    paragraphs = [part.strip() for part in row.body.split("\n\n") if part.strip()]
    context = {"row": row, "paragraphs": paragraphs, "unsubscribe": end, "hospital": settings.HOSPITAL}
    return render_to_string("notifications/message.html", context)
