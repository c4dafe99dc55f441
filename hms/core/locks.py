"""Locks rows on which a decision rests, also in a cluster of databases that all take writes (Galera).

There a row lock ends at its node: two nodes may each lock a row, count what hangs on it, and add to it. Only
writes are compared between nodes, when they are committed, and the later of two that touch one row is refused
with a deadlock, which `retried_atomic` tries again. So where the server is a node of a cluster, whoever locks
a row also writes the row's turn.
"""

from collections.abc import Iterable
from typing import TypeVar
from zlib import crc32

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet

from hms.core.models import Turn

M = TypeVar("M", bound=Model)

TURNS = 2**16


def lock_rows(rows: QuerySet[M]) -> list[M]:
    """The rows as they are now; nobody else decides about them until the transaction ends."""
    found = list(rows.select_for_update())
    take_turns(*found, using=rows.db)
    return found


def lock_first(rows: QuerySet[M]) -> M | None:
    row = rows.select_for_update().first()
    if row is not None:
        take_turns(row, using=rows.db)
    return row


def lock_row(rows: QuerySet[M], **key) -> M:
    """The one row with this key; raises `DoesNotExist` like `get`."""
    row = rows.select_for_update().get(**key)
    take_turns(row, using=rows.db)
    return row


def take_turns(*rows: Model | tuple[type[Model], int], using: str = DEFAULT_DB_ALIAS) -> None:
    """Take the turns of rows that the caller has locked, given as they are or by model and key.

    One statement for all of them in a cluster, none elsewhere.
    """
    connection = connections[using]
    if rows and is_in_cluster(connection):
        with connection.cursor() as cursor:
            cursor.execute(*turns_taken(rows))


def turns_taken(rows: Iterable[Model | tuple[type[Model], int]]) -> tuple[str, list[int]]:
    numbers = sorted({_number(row) for row in rows})
    values = ", ".join(["(%s, 1)"] * len(numbers))
    table = f"INSERT INTO {Turn._meta.db_table} (id, taken)"
    return f"{table} VALUES {values} ON DUPLICATE KEY UPDATE taken = taken + 1", numbers


def _number(row: Model | tuple[type[Model], int]) -> int:
    model, key = row if isinstance(row, tuple) else (type(row), row.pk)
    return crc32(f"{model._meta.concrete_model._meta.label_lower}:{key}".encode()) % TURNS


def is_in_cluster(connection) -> bool:
    return getattr(connection, "is_in_cluster", False)


def note_cluster(connection, **_signal) -> None:
    """Ask a new connection whether its server is a node of a cluster."""
    if connection.vendor == "mysql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW VARIABLES LIKE 'wsrep_on'")
            connection.is_in_cluster = (cursor.fetchone() or ("", ""))[1] == "ON"
