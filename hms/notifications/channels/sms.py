"""SMS: on the console, or by HTTP to a provider."""

import json
import sys
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hms.notifications.channels.base import Sender, Undeliverable
from hms.notifications.models import Notification

# The provider will not take this message, today or tomorrow; other errors are its own, or ours.
FOR_GOOD = {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY}


class ConsoleSender(Sender):
    """Writes what would be sent; for a demonstration."""

    def send(self, row: Notification) -> None:
        sys.stdout.write(f"SMS to {row.recipient}: {row.body}\n")


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_request):
        return None


class HttpSender(Sender):
    """Posts JSON to a provider: number, text, sender, and for India the DLT entity and template.

    `reference` is the same each time one message is sent, so that the provider can drop a repetition.
    """

    def open(self) -> None:
        if urlsplit(settings.SMS["url"]).scheme not in ("https", "http"):
            raise ImproperlyConfigured("SMS_URL is not the address of a provider of SMS.")
        self.opener = build_opener(ProxyHandler({}), NoRedirects)

    def send(self, row: Notification) -> None:
        try:
            with self.opener.open(self.request(row), timeout=settings.SMS["timeout_seconds"]) as answer:
                answer.read(1)
        except HTTPError as error:
            error.close()
            if error.code in FOR_GOOD:
                raise Undeliverable from error
            raise

    def request(self, row: Notification) -> Request:
        said = {
            "reference": row.reference,
            "to": row.recipient,
            "text": row.body,
            "sender": settings.SMS["sender"],
            "dlt_entity_id": settings.SMS["entity_id"],
            "dlt_template_id": row.dlt_template_id,
        }
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS['key']}"}
        return Request(settings.SMS["url"], json.dumps(said).encode(), headers, method="POST")  # noqa: S310
