"""Turns a write into entries: [before, after] of each changed column."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from audit.capture.recorder import Entry, Subject
from audit.capture.registry import Registration
from audit.capture.rows import names_of, parts, plain_rows
from audit.capture.values import is_expression, logged_value, masked
from audit.models import Action


def created(registration: Registration, instance: models.Model, using: str) -> Entry:
    after = values_after(registration, registration.all_fields, instance, using)
    changes = {
        field.name: pair(registration, field, instance.pk, None, after[field.attname])
        for field in registration.all_fields
        if after[field.attname] is not None
    }
    return Entry(Action.CREATE, Subject.of(instance), changes)


def updated(
    registration: Registration, fields: Iterable[models.Field], before: dict, after: dict, using: str
) -> Entry | None:
    """`before` is the row as read, `after` holds logged values; None if nothing changed."""
    changes = {}
    for field in fields:
        old = logged_value(field, before.get(field.attname))
        new = after[field.attname]
        if old != new:
            changes[field.name] = pair(registration, field, before["pk"], old, new)
    if not changes:
        return None
    subject = Subject.of_row(registration, before | after)
    rights = registration.access.intersection(changes)
    if not rights:
        return Entry(Action.UPDATE, subject, changes)
    names = _names_of_linked(registration, rights, changes, using)
    return Entry(Action.PERMISSION_CHANGE, subject, changes, names)


def all_updated(
    registration: Registration, fields: Iterable[models.Field], before: dict, after: dict, using: str
) -> list[Entry]:
    entries = (updated(registration, fields, row, after[pk], using) for pk, row in before.items())
    return [entry for entry in entries if entry is not None]


def added_and_removed(names: dict, old: set, new: set) -> dict[str, list[str]]:
    """The names of linked rows that were added and removed, as they are now: they may be renamed."""
    return {
        "added": sorted(names.get(key, str(key)) for key in new - old),
        "removed": sorted(names.get(key, str(key)) for key in old - new),
    }


def _names_of_linked(registration: Registration, rights: Iterable[str], changes: dict, using: str) -> dict:
    """The names behind a changed foreign key that gives rights: who had them, who has them now."""
    details = {}
    for name in rights:
        model = registration.fields[name].related_model
        if model is not None:
            old, new = ({key} - {None} for key in changes[name])
            details |= added_and_removed(names_of(model, old | new, using), old, new)
    return details


def deleted(registration: Registration, row: dict) -> Entry:
    """All columns, because the row itself is gone."""
    changes = {}
    for field in registration.all_fields:
        value = logged_value(field, row[field.attname])
        if value is not None:
            changes[field.name] = pair(registration, field, row["pk"], value, None)
    return Entry(Action.DELETE, Subject.of_row(registration, row), changes)


def pair(registration: Registration, field: models.Field, pk: Any, old: Any, new: Any) -> list:
    if field.name not in registration.masked:
        return [old, new]
    return [masked(registration.label, field.name, pk, value) for value in (old, new)]


def values_after(
    registration: Registration, fields: Iterable[models.Field], instance: models.Model, using: str
) -> dict:
    """The logged values of a saved instance; expressions are read back from the database."""
    values = {field.attname: getattr(instance, field.attname) for field in fields}
    if any(map(is_expression, values.values())):
        return values_in_database(registration, fields, [instance.pk], using)[instance.pk]
    return {field.attname: logged_value(field, values[field.attname]) for field in fields}


def values_in_database(
    registration: Registration, fields: Iterable[models.Field], pks: Iterable, using: str
) -> dict:
    columns = ["pk", *(field.attname for field in fields)]
    found = {}
    for some in parts(pks):
        for row in plain_rows(registration.model, using).filter(pk__in=some).values(*columns):
            found[row["pk"]] = {field.attname: logged_value(field, row[field.attname]) for field in fields}
    return found
