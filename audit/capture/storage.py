"""Inserts entries with as little work as possible, because every booking waits for it.

An entry whose key another process has just used takes another key.
"""

from django.db import DEFAULT_DB_ALIAS, IntegrityError

from audit.models import AuditEvent
from audit.signing.identifiers import new_key
from hms.core.inserts import insert_rows

# One statement stays far below the largest packet of a default server.
BATCH = 500
ATTEMPTS = 5


def insert_events(events: list[AuditEvent], using: str | None) -> None:
    """Sign and insert, with one call to the database for every few hundred."""
    using = using or DEFAULT_DB_ALIAS
    for start in range(0, len(events), BATCH):
        batch = events[start : start + BATCH]
        for event in batch:
            event.sign()
        _insert_batch(batch, using)


def _insert_batch(batch: list[AuditEvent], using: str) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return insert_rows(batch, using)
        except IntegrityError:
            taken = _taken(batch, using)
            if attempt == ATTEMPTS or not taken:
                raise
        batch = [event for event in batch if taken.get(event.pk) != event.mac]
        for event in batch:
            if event.pk in taken:
                event.pk = new_key()
                event.sign()
    return None


def _taken(batch: list[AuditEvent], using: str) -> dict[int, str]:
    """Hashes by key of the keys that exist: own entries may have been inserted before another failed."""
    rows = AuditEvent.objects.using(using).filter(pk__in=[event.pk for event in batch])
    return dict(rows.values_list("pk", "mac"))
