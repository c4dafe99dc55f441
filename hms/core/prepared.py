"""Queries that are compiled once and then only bound.

Django turns a query set into SQL anew each time, which costs several times what a small indexed SELECT
costs the database. Where the same question is asked on every request (which times are free?), the query
set is written with `Parameter`s in the place of values, compiled once per database and number of list
members, and executed with the values. The SQL, its quoting and the conversion of columns stay Django's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Expression, Field, QuerySet

LONGEST_LIST = 512


class Parameter(Expression):
    """The place of one value in a prepared query."""

    def __init__(self, name: str, field: Field, position: int | None = None):
        super().__init__(output_field=field)
        self.name, self.position = name, position

    def as_sql(self, _compiler, _connection):
        return "%s", [self]

    def bind(self, values: dict[str, Any], connection) -> Any:
        value = values[self.name]
        if self.position is not None:
            # A shorter list repeats its last member, so that few lengths have to be compiled.
            value = value[min(self.position, len(value) - 1)]
        return self.output_field.get_db_prep_value(value, connection, prepared=False)


@dataclass(frozen=True)
class _Compiled:
    sql: str
    params: tuple
    converters: tuple[tuple[int, tuple[Callable, ...], Any], ...]


class PreparedQuery:
    """A `values_list` query set, built by `build(parameter)` and compiled once for each shape.

    `parameter(name, field)` stands for one value, `parameter(name, field, many=True)` for a list in an
    `__in` lookup. `rows(**values)` returns the rows as lists or tuples of converted columns.
    """

    def __init__(self, build: Callable[[Callable], QuerySet]):
        self.build = build
        self.compiled: dict[tuple, _Compiled] = {}

    def rows(self, **values: Any) -> Sequence[Sequence[Any]]:
        if any(isinstance(value, list) and not value for value in values.values()):
            return []
        connection = connections["default"]
        compiled = self._compile(connection, values)
        params = [p.bind(values, connection) if isinstance(p, Parameter) else p for p in compiled.params]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, params)
            rows = cursor.fetchall()
        return self._convert(rows, compiled, connection)

    def _convert(self, rows, compiled: _Compiled, connection):
        if not compiled.converters:
            return rows
        rows = [list(row) for row in rows]
        for index, converters, expression in compiled.converters:
            for row in rows:
                for convert in converters:
                    row[index] = convert(row[index], expression, connection)
        return rows

    def _compile(self, connection, values) -> _Compiled:
        lengths = {name: _rounded(len(value)) for name, value in values.items() if isinstance(value, list)}
        # An expiring time zone of the connection would change how datetimes are bound: it is part of the key.
        key = (connection.vendor, connection.settings_dict["NAME"], *lengths.items())
        if key not in self.compiled:
            self.compiled[key] = self._compile_anew(connection, lengths)
        return self.compiled[key]

    def _compile_anew(self, connection, lengths: dict[str, int]) -> _Compiled:
        def parameter(name: str, field: Field, *, many: bool = False):
            if not many:
                return Parameter(name, field)
            return [Parameter(name, field, position) for position in range(lengths[name])]

        compiler = self.build(parameter).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        found = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        converters = tuple((index, tuple(those), column) for index, (those, column) in found.items())
        return _Compiled(sql, tuple(params), converters)


def _rounded(length: int) -> int:
    """The next power of two: lists of 5 to 8 members share one compiled query."""
    if length > LONGEST_LIST:
        return length
    return 1 << (length - 1).bit_length()
