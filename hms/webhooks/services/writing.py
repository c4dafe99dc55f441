import json
from collections.abc import Mapping

from django.utils import timezone

from hms.webhooks.models import Delivery, Endpoint


def write_delivery(endpoint: Endpoint, event: str, facts: Mapping[str, str]) -> Delivery:
    """The row with its body, which is signed and sent exactly as it is written here."""
    now = timezone.now()
    content = {"type": str(event), "timestamp": timezone.localtime(now).isoformat(), "data": dict(facts)}
    body = json.dumps(content, separators=(",", ":"))
    return Delivery.objects.create(endpoint=endpoint, event=event, body=body, created_at=now, due_at=now)
