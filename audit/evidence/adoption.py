"""Takes rows into the log as they are: what a migration wrote, what was there before its model was logged,
and, after somebody has investigated, what was changed by SQL. Each entry says by whom, when and why.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import zip_longest
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, transaction

from audit.capture.context import Source, audit_context
from audit.capture.recorder import Entry, Subject, record_event, write
from audit.capture.registry import registered_models, registration_of
from audit.capture.rows import locked_rows, plain_rows
from audit.capture.values import masked
from audit.evidence.verification.findings import Kind
from audit.evidence.verification.history import BEGINS, History, ends_of
from audit.evidence.verification.rows import check_again, histories_of, pages_of_missing, path_of
from audit.evidence.verification.tables import Table
from audit.models import Action, AuditEvent
from hms.core.migrated import migrations_to_apply

FIRST_REGISTERED = "First registered"
EVERY_ROW = "*"  # the key of entries about a whole model


def adopt_after_migrating(using: str, plan: Iterable[tuple] = (), **_kwargs) -> None:
    """Adopt what the migrations of the plan wrote, then the rows of models that are newly registered.

    A migration names what it wrote: `adopts = [("app.Model", "reason")]`, with the columns as a third
    item where it changed rows that are logged already. A model is newly registered once: an entry
    marks it from then on, so rows that SQL adds later are never adopted here.
    """
    if using != DEFAULT_DB_ALIAS or migrations_to_apply():
        return
    for migration, is_backwards in plan:
        for label, reason, *columns in () if is_backwards else getattr(migration, "adopts", ()):
            adopt_rows(label, reason=reason, columns=columns[0] if columns else None)
    marked = set(AuditEvent.objects.filter(object_pk=EVERY_ROW).values_list("model", flat=True))
    for model in registered_models():
        if model._meta.label_lower not in marked:
            _begin(model._meta.label_lower)


@transaction.atomic
def _begin(label: str) -> None:
    """Mark the model; adopt its rows unless the log has begun any of them."""
    is_known = AuditEvent.objects.filter(model=label, action__in=BEGINS).exists()
    rows = 0 if is_known else adopt_rows(label, reason=FIRST_REGISTERED)
    subject = Subject(label, EVERY_ROW, "(every row)")
    details = {"what": "first registered", "rows": rows}
    record_event(Action.SETTINGS_CHANGE, subject=subject, details=details, reason=FIRST_REGISTERED)


def adopt_rows(label: str, *, reason: str, columns: Collection[str] | None = None) -> int:
    """Write the entries after which the log explains every row of the model, and every one that is gone.

    Given columns, only these are explained, and only in rows that the log knows; other changes by SQL are
    still found. Returns how many entries were written.
    """
    table = Table(registration_of(apps.get_model(label)))
    written = 0
    with audit_context(source=Source.COMMAND.value, reason=reason):
        for page in table.pages():
            with transaction.atomic():
                written += len(write(_entries(table, list(page), columns)))
        for _table, gone, _number in pages_of_missing([table]) if columns is None else ():
            with transaction.atomic():
                written += len(write(_endings(table, gone)))
    return written


def _entries(table: Table, pks: list[str], columns: Collection[str] | None) -> Iterator[Entry]:
    rows = plain_rows(table.model, DEFAULT_DB_ALIAS).filter(pk__in=map(table.pk_of, pks))
    subjects = locked_rows(rows, table.registration, ())
    present, histories = table.values(rows), histories_of(table, pks, keep=True)
    for pk, row in subjects.items():
        subject, history = Subject.of_row(table.registration, row), histories[str(pk)]
        if columns is not None:
            present[pk] = {name: present[pk][name] for name in columns} if history.is_alive else {}
        elif not history.is_alive:
            changes = _beginnings(table, pk, present[pk], history)
            history.add(Action.CARRY, changes, keep=True)
            yield Entry(Action.CARRY, subject, changes)
        for changes in _amendments(table, pk, present[pk], history):
            yield Entry(Action.UPDATE, subject, changes)


def _endings(table: Table, pks: list[str]) -> Iterator[Entry]:
    """A deletion for each row that was deleted past the application."""
    histories = histories_of(table, pks, keep=True)
    for pk in pks:
        if not any(finding.kind == Kind.DELETED_ROW for finding in check_again(table, pk)):
            continue
        named = AuditEvent.objects.filter(model=table.label, object_pk=pk).order_by("pk").last()
        changes = {}
        for column, pairs in histories[pk].pairs.items():
            nothing = table.start_of(column)
            ends = [end for end in ends_of(pairs, start=nothing)[0] if end != nothing]
            if ends:
                changes[column] = [ends[-1], nothing]
        yield Entry(Action.DELETE, Subject(table.label, pk, named.object_repr, named.patient_id), changes)


def _beginnings(table: Table, pk: Any, present: dict, history: History) -> dict[str, list]:
    """Each column's value before its first entry, from which the entries continue."""
    changes = {}
    for column, value in present.items():
        nothing, (_ends, starts) = table.start_of(column), path_of(table, column, value, history)
        first = starts[0] if starts else value
        if first != nothing:
            changes[column] = [nothing, _logged(table, column, pk, first)]
    return changes


def _amendments(table: Table, pk: Any, present: dict, history: History) -> Iterator[dict[str, list]]:
    """Changes that close the gaps of each column's path, the last one up to the present value."""
    missing: dict[str, list[list]] = {}
    for column, value in present.items():
        ends, starts = path_of(table, column, value, history)
        wrong = [end for end in ends if not table.is_same(column, str(pk), end, value)]
        goals = starts if len(wrong) < len(ends) else [*starts, value]
        missing[column] = [
            [end, _logged(table, column, pk, goal)] for end, goal in zip(wrong, goals, strict=False)
        ]
    columns = list(missing)
    for pairs in zip_longest(*missing.values()):
        if changes := {column: pair for column, pair in zip(columns, pairs, strict=True) if pair}:
            yield changes


def _logged(table: Table, column: str, pk: Any, value: Any) -> Any:
    return masked(table.label, column, pk, value) if column in table.masked else value
