"""What people were told of visits, in tests."""

from hms.notifications.models import Notification
from hms.notifications.services import note_reminders, write_messages
from hms.notifications.statuses import Kind


def told() -> list[tuple[str, str, str]]:
    """Kind, channel and recipient of every message about a visit, in their order."""
    write_messages()
    rows = Notification.objects.filter(event__isnull=False).order_by("pk")
    return list(rows.values_list("kind", "channel", "recipient"))


def reminded() -> list[str]:
    """The texts of the e-mails with which the worker has reminded people so far."""
    note_reminders()
    write_messages()
    rows = Notification.objects.filter(kind=Kind.REMINDER, channel="email").order_by("pk")
    return list(rows.values_list("body", flat=True))
