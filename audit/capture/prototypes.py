"""Inserts new rows of logged models, thousands at a time, with the entries that `bulk_create` would write.

For an import of years, where an instance per row and per entry takes five times as long as the rest. What
rows of a kind have in common is a `Prototype`, made from an unsaved instance, so its columns are those that
the services write. What differs is given as plain values: moments as seconds since 1970, dates and decimals
as the text of the column, JSON as canonical text, all else as `str` and `int`. Only the database validates:
the caller knows its values, and every row brings its key.
"""

import json
import re
from datetime import UTC, datetime
from functools import cache
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from audit.capture.recorder import Entry, Subject, circumstances, event_of
from audit.capture.registry import Registration, registration_of
from audit.capture.values import logged_value, masked
from audit.models import Action, AuditEvent
from audit.signing.canonical import canonical, encoded
from audit.signing.identifiers import new_key
from audit.signing.keys import digest, writing_key

DAY_S = 86_400
MOMENT, NUMBER, JSON, TEXT, PLAIN = range(5)
CLOCK = [f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in range(DAY_S)]
HOLE = re.compile(r'"\\u0000(\w+)"')
Row = list[Any]


class Template:
    """A structure as canonical JSON in which some values are still open."""

    def __init__(self, structure: Any):
        """What is open is `hole(name)`."""
        self.parts = HOLE.split(encoded(structure))
        self.names = self.parts[1::2]

    def filled(self, values: dict[str, str]) -> str:
        """The JSON with these values, which are JSON themselves."""
        parts = self.parts.copy()
        parts[1::2] = map(values.__getitem__, self.names)
        return "".join(parts)


def hole(name: str) -> str:
    return f"\0{name}"


@cache
def day_text(day: int) -> str:
    """The date of a number of days since 1970."""
    return f"{datetime.fromtimestamp(day * DAY_S, UTC):%Y-%m-%d}"


class Prototype:
    """What rows of one model have in common; `varies` are the columns that each brings, its key first."""

    def __init__(self, instance: models.Model, *varies: str):
        self.model, registration = type(instance), registration_of(type(instance))
        fields = self.model._meta.concrete_fields
        connection = connections[DEFAULT_DB_ALIAS]
        self.base = [
            None
            if field.attname in varies
            else field.get_db_prep_save(getattr(instance, field.attname), connection)
            for field in fields
        ]
        logged = sorted(registration.all_fields, key=lambda field: field.name)
        self.parts = [self._constant(field, instance, registration, varies) for field in logged]
        places = {field.attname: place for place, field in enumerate(fields)}
        slots = {field.attname: slot for slot, field in enumerate(logged)}
        self.varying = [
            (
                places[name],
                slots.get(name),
                f'"{_field(fields, name).name}":[null,',
                kind_of(_field(fields, name)),
            )
            for name in varies
        ]
        self.masked = [
            (slots[field.attname], field.name, getattr(instance, field.attname), registration.label)
            for field in logged
            if field.name in registration.masked
        ]
        self.name_place = places[registration.name_field.attname]

    @staticmethod
    def _constant(field, instance, registration: Registration, varies: tuple[str, ...]) -> str:
        value = None if field.attname in varies else logged_value(field, getattr(instance, field.attname))
        if value is None or field.name in registration.masked:
            return ""
        return encoded({field.name: [None, value]})[1:-1]

    def row(self, values: tuple) -> tuple[Row, str]:
        """The columns of one row, and the changes of its entry as canonical JSON."""
        row, parts = self.base.copy(), self.parts.copy()
        for value, (place, slot, prefix, kind) in zip(values, self.varying, strict=True):
            if value is None:
                continue
            if kind == MOMENT:
                day, clock = day_text(value // DAY_S), CLOCK[value % DAY_S]
                row[place], text = f"{day} {clock}", f'"{day}T{clock}Z"'
            elif kind == NUMBER:
                row[place], text = value, str(value)
            elif kind == TEXT:
                row[place], text = value, quoted(value)
            else:
                row[place], text = value, value if kind == JSON else f'"{value}"'
            if slot is not None:
                parts[slot] = f"{prefix}{text}]"
        for slot, name, value, label in self.masked:
            parts[slot] = encoded({name: [None, masked(label, name, values[0], value)]})[1:-1]
        return row, "{" + ",".join(filter(None, parts)) + "}"


def _field(fields, name: str) -> models.Field:
    return next(field for field in fields if field.attname == name)


def kind_of(field: models.Field) -> int:
    """How a column's values are given, and written in an entry."""
    if isinstance(field, models.DateTimeField):
        return MOMENT
    if isinstance(field, models.JSONField):
        return JSON
    if isinstance(field, models.CharField | models.TextField):
        return TEXT
    return PLAIN if isinstance(field, models.DateField | models.DecimalField) else NUMBER


class Inserts:
    """Rows that wait to be inserted with their entries, model after model in the order of `models`."""

    def __init__(self, *kinds: type[models.Model], using: str = DEFAULT_DB_ALIAS):
        self.using = using
        self.rows: dict[type[models.Model], list[Row]] = {model: [] for model in kinds}
        self.events: list[Row] = []
        self.signers: dict[type[models.Model], _Signer] = {}

    def add(self, prototype: Prototype, patient_id: int, *values: Any) -> None:
        row, changes = prototype.row(values)
        self.rows[prototype.model].append(row)
        signer = self.signers.get(prototype.model)
        if signer is None:
            signer = self.signers[prototype.model] = _Signer(prototype.model)
        self.events.append(signer.event(values[0], row[prototype.name_place], patient_id, changes))

    def insert(self) -> None:
        """Insert what waits, in the caller's transaction."""
        for model, rows in self.rows.items():
            _insert(model, rows, self.using)
        _insert(AuditEvent, self.events, self.using)


class _Signer:
    """Makes signed entries about new rows of one model, under the present circumstances."""

    def __init__(self, model: type[models.Model]):
        open_ = {name: hole(name) for name in ("id", "object_pk", "object_repr", "patient_id", "changes")}
        entry = Entry(Action.CREATE, Subject(model._meta.label_lower))
        event = event_of(entry, circumstances())
        event.key_version, self.key = writing_key()
        self.template = Template(_content(vars(event) | open_))
        fields = AuditEvent._meta.concrete_fields
        connection = connections[DEFAULT_DB_ALIAS]
        self.base = [field.get_db_prep_save(getattr(event, field.attname), connection) for field in fields]
        places = {field.attname: place for place, field in enumerate(fields)}
        names = ("id", "object_pk", "object_repr", "patient_id", "changes", "mac")
        self.places = [places[name] for name in names]

    def event(self, pk: int, name: Any, patient_id: int, changes: str) -> Row:
        key, row = new_key(), self.base.copy()
        content = self.template.filled(
            {
                "id": str(key),
                "object_pk": f'"{pk}"',
                "object_repr": quoted(str(name)),
                "patient_id": str(patient_id),
                "changes": changes,
            }
        )
        given = (key, str(pk), str(name), patient_id, changes, digest(self.key, content.encode()))
        for place, value in zip(self.places, given, strict=True):
            row[place] = value
        return row


def _content(row: dict) -> Any:
    return json.loads(canonical(row))


def _insert(model: type[models.Model], rows: list[Row], using: str) -> None:
    if rows:
        with connections[using].cursor() as cursor:
            cursor.executemany(_statement(model, using), rows)


@cache
def _statement(model: type[models.Model], using: str) -> str:
    quote = connections[using].ops.quote_name
    fields = model._meta.concrete_fields
    columns, places = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
