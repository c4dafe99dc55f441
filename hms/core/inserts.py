"""Adds rows with a statement that is put together once per model.

A query set's `bulk_create` compiles its INSERT anew each time, at several times what the row itself costs.
Rows added here are not told the keys that the database gives, no signal is sent, and nothing is logged: it is
for rows of one's own that follow from others (claims, steps) and for the log itself.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

# More rows than this are rare enough to be compiled each time.
MOST_ROWS = 8


def insert_rows(rows: Sequence[models.Model], using: str = DEFAULT_DB_ALIAS) -> None:
    """Insert the rows, all of one model, with one call to the database."""
    if not rows:
        return
    connection, model = connections[using], type(rows[0])
    columns = _columns(model)
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in columns] for row in rows
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


class PreparedInserts(models.QuerySet):
    """Saves new rows with the INSERT that Django compiled for the first one of their kind.

    It is Django's own statement, with Django's conversion of every value; what holds an expression or
    resolves conflicts takes the usual way.
    """

    def _insert(self, objs, fields, returning_fields=None, raw=False, using=None, **conflicts):
        self._for_write = True
        using = using or self.db
        rows = [[_given(field, obj, raw) for field in fields] for obj in objs]
        if any(conflicts.values()) or not _is_plain(rows, fields):
            return super()._insert(objs, fields, returning_fields, raw, using, **conflicts)
        connection = connections[using]
        key = (connection.vendor, tuple(fields), tuple(returning_fields or ()), len(rows))
        if key not in _compiled:
            _compiled[key] = _compile(self.model, connection, objs, *key[1:3])
        if _compiled[key] is None:
            return super()._insert(objs, fields, returning_fields, raw, using, **conflicts)
        values = [
            field.get_db_prep_save(value, connection)
            for row in rows
            for field, value in zip(fields, row, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(_compiled[key], values)
            return cursor.fetchall() if returning_fields else []

    _insert.alters_data = True
    _insert.queryset_only = False


_compiled: dict[tuple, str | None] = {}


def _given(field: models.Field, row: models.Model, raw: bool) -> Any:
    return getattr(row, field.attname) if raw else field.pre_save(row, add=True)


def _is_plain(rows: list[list], fields: Sequence[models.Field]) -> bool:
    return (
        0 < len(rows) <= MOST_ROWS
        and bool(fields)
        and not any(hasattr(value, "resolve_expression") for row in rows for value in row)
    )


def _compile(model, connection, rows: Sequence, fields: tuple, returning: tuple) -> str | None:
    """Django's INSERT for so many rows; None where one statement with a place for each value will not do."""
    query = models.sql.InsertQuery(model)
    query.insert_values(fields, rows, raw=True)
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = returning
    (sql, _values), *more = compiler.as_sql()
    columns = [field.get_col(model._meta.db_table) for field in returning]
    returns = connection.features.can_return_rows_from_bulk_insert and not compiler.get_converters(columns)
    fits = not more and sql.count("%s") == len(rows) * len(fields)
    return sql if fits and (returns or not returning) else None
