"""Kinds of entries by how long they are kept; what is new and named nowhere is kept like a write."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from audit.models import Action

READS = (Action.READ, Action.SEARCH, Action.PRINT, Action.DOWNLOAD, Action.EXPORT)
LOGINS = (Action.LOGIN, Action.LOGIN_FAILED, Action.LOGOUT)
WRITES = tuple(action for action in Action if action not in {*READS, *LOGINS})
CATEGORIES = {
    name: tuple(action.value for action in actions)
    for name, actions in {"writes": WRITES, "reads": READS, "logins": LOGINS}.items()
}


def kept_from(category: str) -> datetime:
    """Entries before this moment are older than they have to be kept."""
    now, years = timezone.now(), settings.AUDIT_RETENTION[category]
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - years, day=day)
