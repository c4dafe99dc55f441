"""Triggers: the database refuses changes to the log, its index of patients, its seals and its archives.

Entries can be deleted only if an archive covers their key and action. `verify_audit` checks archives and
their entries by keyed hashes, so a forged archive is found.
"""

from collections.abc import Iterator

from django.conf import settings
from django.db import connections

from audit.models import AuditArchive, AuditEvent, AuditSeal, AuditSubject
from hms.core import triggers

REFUSAL = "The log is append-only: its rows cannot be changed or deleted."
NAME = "audit_{table}_refuses_{what}"
GUARDED = (AuditEvent, AuditSubject, AuditSeal, AuditArchive)
EXPORTED = (
    "EXISTS (SELECT 1 FROM {archive} WHERE OLD.{id} BETWEEN {first} AND {last} AND {kind} LIKE {wanted})"
)
# A purge deletes an entry's patients first, so the entry still exists.
OF_EXPORTED = (
    "EXISTS (SELECT 1 FROM {event} JOIN {archive} ON {event}.{id} BETWEEN {first} AND {last}"
    " AND {kind} LIKE {wanted} WHERE {event}.{id} = OLD.{event_id})"
)
SQLITE = (
    "CREATE TRIGGER {name} BEFORE {what} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
)
MYSQL = (
    "CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW BEGIN IF {when} THEN"
    " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{refusal}'; END IF; END"
)


def install(using: str) -> bool:
    """Create the triggers; False if the server does not let this account create any."""
    return triggers.create(using, _statements(connections[using]), otherwise="No triggers guard the log")


def remove(using: str) -> None:
    triggers.drop(using, _statements(connections[using]))


def missing(using: str) -> set[str]:
    """Names of missing triggers."""
    return _statements(connections[using]).keys() - triggers.names_in_database(using)


def tables_are_there(using: str) -> bool:
    tables = set(connections[using].introspection.table_names())
    return {model._meta.db_table for model in GUARDED} <= tables


def _statements(connection) -> dict[str, str]:
    """CREATE TRIGGER statements by name, one per table and refused operation."""
    quote = connection.ops.quote_name
    form = SQLITE if connection.vendor == "sqlite" else MYSQL
    statements = {}
    for model, what, when in _refusals(connection):
        name = NAME.format(table=model._meta.model_name.removeprefix("audit"), what=what.lower())
        statements[name] = form.format(
            name=quote(name), what=what, table=quote(model._meta.db_table), when=when, refusal=REFUSAL
        )
    return statements


def _refusals(connection) -> Iterator[tuple]:
    quote = connection.ops.quote_name
    always = "1 = 1"
    exported = {
        AuditEvent: f"NOT {_exported(connection, EXPORTED, 'OLD')}",
        AuditSubject: f"NOT {_exported(connection, OF_EXPORTED, quote(AuditEvent._meta.db_table))}",
    }
    for model in GUARDED:
        yield model, "UPDATE", always
        yield model, "DELETE", exported.get(model, always)
        if connection.vendor == "sqlite":  # INSERT OR REPLACE deletes without firing DELETE triggers
            pk, table = quote(model._meta.pk.column), quote(model._meta.db_table)
            same = f"{pk} = NEW.{pk}"
            if model is AuditSubject:
                same += " OR (patient_id = NEW.patient_id AND event_id = NEW.event_id)"
            yield model, "INSERT", f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608


def _exported(connection, form: str, entry: str) -> str:
    quote = connection.ops.quote_name
    action = f"{entry}.{quote('action')}"
    joined = f"'%,' || {action} || ',%'" if connection.vendor == "sqlite" else f"CONCAT('%,', {action}, ',%')"
    return form.format(
        archive=quote(AuditArchive._meta.db_table),
        event=quote(AuditEvent._meta.db_table),
        event_id=quote("event_id"),
        id=quote("id"),
        first=quote("first_id"),
        last=quote("last_id"),
        kind=quote("actions"),
        wanted=joined,
    )


def remove_before_migrating(using: str, plan, **_kwargs) -> None:
    """SQLite cannot rebuild a table that another table's trigger names."""
    if any(migration.app_label == "audit" for migration, _backwards in plan):
        remove(using)  # also if a guarded table does not exist yet


def install_after_migrating(using: str, **_kwargs) -> None:
    if settings.AUDIT_TRIGGERS and tables_are_there(using):
        install(using)
