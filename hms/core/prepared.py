"""Queries that are compiled to SQL once and then only bound to values.

Django compiles a query set each time it runs, which takes several times as long as a small indexed SELECT.
For a query of every request (which slots are free?), the query set is written with a `Parameter` in place of
each value, compiled once per database and list length, and executed with the values. SQL, quoting and the
conversion of columns are Django's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

LONGEST_LIST = 512


class Parameter(Expression):
    """The placeholder of one value in a prepared query."""

    def __init__(self, name: str, field: Field, position: int | None = None):
        super().__init__(output_field=field)
        self.name, self.position = name, position

    def as_sql(self, _compiler, _connection):
        return "%s", [self]

    def bind(self, values: dict[str, Any], connection) -> Any:
        value = values[self.name]
        if self.position is not None:
            # A shorter list repeats its last member, so that few lengths need compiling.
            value = value[min(self.position, len(value) - 1)]
        return self.output_field.get_db_prep_value(value, connection, prepared=False)


@dataclass
class _Compiled:
    sql: str
    params: tuple
    converters: tuple[tuple[int, tuple[Callable, ...], Any], ...]
    select: list
    klass_info: dict | None
    locks: bool

    @cached_property
    def to_instance(self) -> Callable[[Sequence], Model]:
        first, last = self.klass_info["select_fields"][0], self.klass_info["select_fields"][-1] + 1
        names = [column.target.attname for column, _sql, _alias in self.select[first:last]]
        from_db = self.klass_info["model"].from_db
        related = get_related_populators(self.klass_info, self.select, DEFAULT_DB_ALIAS)

        def instance(row: Sequence) -> Model:
            made = from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for populator in related:
                populator.populate(row, made)
            return made

        return instance


class PreparedQuery:
    """A query set built by `build(parameter)` and compiled once per database and list length.

    `parameter(name, field)` stands for one value, `parameter(name, field, many=True)` for a list in an
    `__in` lookup. `rows(**values)` returns the rows of a `values_list` as sequences of converted columns,
    `objects(**values)` model instances, also with `select_related`.
    """

    def __init__(self, build: Callable[[Callable], QuerySet]):
        self.build = build
        self.compiled: dict[tuple, _Compiled] = {}

    def rows(self, **values: Any) -> Sequence[Sequence[Any]]:
        return self._ask(values)[0]

    def objects(self, **values: Any) -> list[Model]:
        rows, compiled = self._ask(values)
        return [compiled.to_instance(row) for row in rows]

    def first(self, **values: Any) -> Model | None:
        found = self.objects(**values)
        return found[0] if found else None

    def _ask(self, values: dict[str, Any]) -> tuple[Sequence[Sequence[Any]], _Compiled | None]:
        if any(isinstance(value, list) and not value for value in values.values()):
            return [], None
        connection = connections[DEFAULT_DB_ALIAS]
        compiled = self._compile(connection, values)
        if compiled.locks and connection.get_autocommit():
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        params = [p.bind(values, connection) if isinstance(p, Parameter) else p for p in compiled.params]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, params)
            rows = cursor.fetchall()
        return self._convert(rows, compiled, connection), compiled

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
        key = (connection.vendor, connection.settings_dict["NAME"], *lengths.items())
        if key not in self.compiled:
            self.compiled[key] = self._compile_again(connection, lengths)
        return self.compiled[key]

    def _compile_again(self, connection, lengths: dict[str, int]) -> _Compiled:
        def parameter(name: str, field: Field, *, many: bool = False):
            if not many:
                return Parameter(name, field)
            return [Parameter(name, field, position) for position in range(lengths[name])]

        query = self.build(parameter).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        locks = query.select_for_update and connection.features.has_select_for_update
        found = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        converters = tuple((index, tuple(those), column) for index, (those, column) in found.items())
        return _Compiled(sql, tuple(params), converters, compiler.select, compiler.klass_info, locks)


def _rounded(length: int) -> int:
    """The next power of two: lists of 5 to 8 members share one compiled query."""
    if length > LONGEST_LIST:
        return length
    return 1 << (length - 1).bit_length()
