"""How messages leave, one class for each channel; `NOTIFICATIONS["senders"]` names the classes."""

from django.conf import settings
from django.utils.module_loading import import_string

from hms.notifications.channels.base import Sender


def sender_of(channel: str) -> Sender:
    return import_string(settings.NOTIFICATIONS["senders"][channel])()
