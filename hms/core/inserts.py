"""Adds rows with a statement that is put together once per model.

A query set's `bulk_create` compiles its INSERT anew each time, at several times what the row itself costs.
Rows added here are not told the keys that the database gives, no signal is sent, and nothing is logged: it is
for rows of one's own that follow from others (claims, steps) and for the log itself.
"""

from collections.abc import Sequence
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections, models


def insert_rows(rows: Sequence[models.Model], using: str = DEFAULT_DB_ALIAS) -> None:
    """Insert the rows, all of one model, with one call to the database."""
    if not rows:
        return
    connection, model = connections[using], type(rows[0])
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in _columns(model)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(_statement(model, using), values[0])
        else:
            cursor.executemany(_statement(model, using), values)


@cache
def _columns(model: type[models.Model]) -> tuple[models.Field, ...]:
    """What is given: all but a key that the database counts up itself."""
    return tuple(field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))


@cache
def _statement(model: type[models.Model], using: str) -> str:
    quote = connections[using].ops.quote_name
    columns = ", ".join(quote(field.column) for field in _columns(model))
    places = ", ".join(["%s"] * len(_columns(model)))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
