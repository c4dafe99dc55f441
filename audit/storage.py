"""Puts entries into the table by the shortest way; every booking waits for it.

The recorder makes text text and numbers numbers, so only moments, addresses and JSON need the database's
own form. A key that another process took in the same instant is given up for another one.
"""

from functools import cache

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, models

from audit.identifiers import new_key
from audit.models import AuditEvent

# One statement stays far below the largest packet of a default server.
BATCH = 500
ATTEMPTS = 5
PREPARED = (models.DateTimeField, models.GenericIPAddressField, models.JSONField)


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
            return _insert(batch, using)
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


def _insert(batch: list[AuditEvent], using: str) -> None:
    connection = connections[using]
    values = [_values(event, connection) for event in batch]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(_statement(using), values[0])
        elif values:
            cursor.executemany(_statement(using), values)


def _values(event: AuditEvent, connection) -> list:
    row = event.__dict__
    return [
        field.get_db_prep_save(row[name], connection) if field else row[name] for name, field in _columns()
    ]


@cache
def _columns() -> tuple[tuple[str, models.Field | None], ...]:
    """The columns by name, with the field where the value needs it."""
    return tuple(
        (field.attname, field if isinstance(field, PREPARED) else None)
        for field in AuditEvent._meta.concrete_fields
    )


@cache
def _statement(using: str) -> str:
    quote = connections[using].ops.quote_name
    columns = ", ".join(quote(field.column) for field in AuditEvent._meta.concrete_fields)
    places = ", ".join(["%s"] * len(AuditEvent._meta.concrete_fields))
    return f"INSERT INTO {quote(AuditEvent._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - ours


def _taken(batch: list[AuditEvent], using: str) -> dict[int, str]:
    """Which of the keys are there, and with which hash: an own one was inserted before another failed."""
    rows = AuditEvent.objects.using(using).filter(pk__in=[event.pk for event in batch])
    return dict(rows.values_list("pk", "mac"))
