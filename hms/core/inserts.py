"""Inserts rows with SQL that is built once.

`bulk_create` compiles its INSERT again each time, which takes several times as long as inserting a row.
`insert_rows` sets no keys on the rows, sends no signals and logs nothing: it is for derived rows (claims)
and for the log itself. `PreparedInserts` is for all other models.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

# Most statements kept, one for each model, set of fields and number of rows; beyond it all are dropped.
MOST_STATEMENTS = 500
# Values of these types need no conversion for the database.
PLAIN = {
    models.CharField: str,
    models.TextField: str,
    models.BigIntegerField: int,
    models.PositiveSmallIntegerField: int,
}


def insert_rows(rows: Sequence[models.Model], using: str = DEFAULT_DB_ALIAS) -> None:
    """Insert rows of one model with one call to the database."""
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
    """Each field except an automatic key, with the type that needs no conversion."""
    given = (field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))
    return tuple((field, PLAIN.get(type(field))) for field in given)


@cache
def _statement(model: type[models.Model], using: str) -> str:
    quote = connections[using].ops.quote_name
    columns = ", ".join(quote(field.column) for field, _plain in _columns(model))
    places = ", ".join(["%s"] * len(_columns(model)))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - our own names


class PreparedInserts(models.QuerySet):
    """Saves new rows with an INSERT that Django compiles once for each model and set of fields.

    The statement and the conversion of values are Django's. Rows with expressions and inserts that resolve
    conflicts are left to Django.
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


# Empty text: one statement with a placeholder for each value is not possible.
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
