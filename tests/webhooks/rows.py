from datetime import timedelta

from django.utils import timezone

from hms.core.rights import SYSTEM
from hms.webhooks.models import Delivery, Endpoint
from hms.webhooks.services import save_endpoint, send_test

PUBLIC = "https://93.184.215.14/hook"


def registered(url: str = PUBLIC, *events: str, name: str = "Clinic") -> Endpoint:
    endpoint = Endpoint(
        name=name, url=url, events=list(events or ("booking.*", "payment.*", "result.released"))
    )
    save_endpoint(endpoint=endpoint, by=SYSTEM)
    return endpoint


def queued(endpoint: Endpoint, **fields) -> Delivery:
    row = send_test(endpoint=endpoint, by=SYSTEM)
    Delivery.objects.filter(pk=row.pk).update(**({"event": "booking.booked"} | fields))
    row.refresh_from_db()
    return row


def all_due() -> None:
    """As if all pauses and rests were over."""
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(status="waiting").update(due_at=past)
    Endpoint.objects.update(rests_until=None)


def state_of(row: Delivery) -> tuple:
    row.refresh_from_db()
    return row.status, row.attempts, row.answer, row.error
