"""Reads rows before they change, under a lock, with the columns that the log needs."""

from collections.abc import Iterable, Iterator
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections, models

from audit.capture.registry import Registration, naming_field, registration_of
from hms.core.prepared import PreparedQuery

# SQLite takes 999 parameters in one statement, and the other values of an UPDATE need some.
PKS_PER_STATEMENT = 900


def locked_rows(rows: models.QuerySet, registration: Registration, fields: Iterable[models.Field]) -> dict:
    """Locked rows by primary key; a patient in another table is read without a lock."""
    if connections[rows.db].in_atomic_block:
        rows = rows.select_for_update()
    found = {row["pk"]: row for row in rows.order_by().values(*registration.columns(fields))}
    if registration.patient_is_elsewhere:
        for pk, patient in patients_elsewhere(registration, list(found), rows.db).items():
            found[pk][registration.patient] = patient
    return found


def locked_row(
    instance: models.Model, registration: Registration, fields: Iterable[models.Field], using: str
) -> dict | None:
    """The row behind an instance, which may be stale; None if there is none."""
    columns, locks = tuple(registration.columns(fields)), connections[using].in_atomic_block
    if using == DEFAULT_DB_ALIAS:
        query = _by_key(registration.model, columns, locks)
        row = next((dict(zip(columns, row, strict=True)) for row in query.rows(pk=instance.pk)), None)
    else:
        rows = plain_rows(registration.model, using).filter(pk=instance.pk)
        rows = rows.select_for_update() if locks else rows
        row = next(iter(rows.values(*columns)), None)
    if row is not None and registration.patient_is_elsewhere:
        row[registration.patient] = registration.patient_of(instance)
    return row


@cache
def _by_key(model: type[models.Model], columns: tuple[str, ...], locks: bool) -> PreparedQuery:
    """Compiled once, because every change of a row needs it."""

    def build(parameter):
        rows = plain_rows(model, DEFAULT_DB_ALIAS).filter(pk=parameter("pk", model._meta.pk))
        return (rows.select_for_update() if locks else rows).values_list(*columns)

    return PreparedQuery(build)


def row_of(instance: models.Model, registration: Registration) -> dict:
    """The same from an instance that is known to be current."""
    row = {name: getattr(instance, name) for name in registration.columns(registration.all_fields)}
    if registration.patient:
        row[registration.patient] = registration.patient_of(instance)
    return row


def plain_rows(model: type[models.Model], using: str) -> models.QuerySet:
    """All rows, in a plain query set."""
    return models.QuerySet(model, using=using)


def parts(pks: Iterable) -> Iterator[list]:
    """The keys in portions that fit one statement."""
    pks = list(pks)
    for start in range(0, len(pks), PKS_PER_STATEMENT):
        yield pks[start : start + PKS_PER_STATEMENT]


def patients_elsewhere(registration: Registration, pks: list, using: str) -> dict:
    rows = plain_rows(registration.model, using)
    found = {}
    for some in parts(pks):
        found.update(rows.filter(pk__in=some).values_list("pk", registration.patient))
    return found


def names_of(model: type[models.Model], pks: Iterable, using: str) -> dict:
    """What people call these rows, by primary key."""
    registration = registration_of(model)
    field = registration.name_field if registration else naming_field(model)
    found = plain_rows(model, using).filter(pk__in=pks).values_list("pk", field.attname)
    return {pk: str(name) for pk, name in found}
