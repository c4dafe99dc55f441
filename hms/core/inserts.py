"""Adds rows with a statement that is put together once per model.

A query set's `bulk_create` compiles its INSERT again each time, at several times what the row itself costs.
Rows added here are not told the keys that the database gives, no signal is sent, and nothing is logged: it is
for rows of one's own that follow from others (claims) and for the log itself.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

# So many kinds and numbers of rows; who writes more kinds begins again.
MOST_STATEMENTS = 500
# Text that is text and numbers that are numbers go to the database as they are.
PLAIN = {
    models.CharField: str,
    models.TextField: str,
    models.BigIntegerField: int,
    models.PositiveSmallIntegerField: int,
}


def insert_rows(rows: Sequence[models.Model], using: str = DEFAULT_DB_ALIAS) -> None:
    """Insert the rows, all of one model, with one call to the database."""
    if not rows:
        return
    connection, model = connections[using], type(rows[0])
    values = [_values(row, _columns(model), connection) for row in rows]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(_statement(model, using), values[0])
        else:
            cursor.executemany(_statement(model, using), values)


def _values(row: models.Model, columns: tuple, connection) -> list:
    given = ((field, plain, getattr(row, field.attname)) for field, plain in columns)
    return [
        value if type(value) is plain else field.get_db_prep_save(value, connection)
        for field, plain, value in given
    ]


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[models.Field, type | None], ...]:
    """What is given: all but a key that the database counts up itself, and the type that goes as it is."""
    given = (field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))
    return tuple((field, PLAIN.get(type(field))) for field in given)


@cache
def _statement(model: type[models.Model], using: str) -> str:
    quote = connections[using].ops.quote_name
    columns = ", ".join(quote(field.column) for field, _plain in _columns(model))
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
        if any(conflicts.values()) or not fields or _has_expression(rows):
            return super()._insert(objs, fields, returning_fields, raw, using, **conflicts)
        connection = connections[using]
        sql = _sql_for(self.model, connection, objs, tuple(fields), tuple(returning_fields or ()))
        if not sql:
            return super()._insert(objs, fields, returning_fields, raw, using, **conflicts)
        values = [
            field.get_db_prep_save(value, connection)
            for row in rows
            for field, value in zip(fields, row, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if returning_fields else []

    _insert.alters_data = True
    _insert.queryset_only = False


# Empty where one statement with a place for each value will not do.
_compiled: dict[tuple, str] = {}


def _sql_for(model, connection, rows: Sequence, fields: tuple, returning: tuple) -> str:
    key = (connection.vendor, fields, returning, len(rows))
    sql = _compiled.get(key)
    if sql is None:
        if len(_compiled) >= MOST_STATEMENTS:
            _compiled.clear()
        sql = _compiled[key] = _compile(model, connection, rows, fields, returning)
    return sql


def _given(field: models.Field, row: models.Model, raw: bool) -> Any:
    return getattr(row, field.attname) if raw else field.pre_save(row, add=True)


def _has_expression(rows: list[list]) -> bool:
    return any(hasattr(value, "resolve_expression") for row in rows for value in row)


def _compile(model, connection, rows: Sequence, fields: tuple, returning: tuple) -> str:
    """Django's INSERT for so many rows."""
    query = models.sql.InsertQuery(model)
    query.insert_values(fields, rows, raw=True)
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = returning
    (sql, _values), *more = compiler.as_sql()
    columns = [field.get_col(model._meta.db_table) for field in returning]
    returns = connection.features.can_return_rows_from_bulk_insert and not compiler.get_converters(columns)
    is_same_for_all_values = not any(hasattr(field, "get_placeholder") for field in fields)
    fits = not more and is_same_for_all_values and sql.count("%s") == len(rows) * len(fields)
    return sql if fits and (returns or not returning) else ""
