"""Takes rows into the log as they are: what a migration wrote, what was there before its model was logged,
and, after somebody has looked into it, what was changed by SQL. It says so: by whom, when and why.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from django.apps import apps as present_apps
from django.db import DEFAULT_DB_ALIAS, transaction

from audit.capture.context import Source, audit_context
from audit.capture.masks import masked
from audit.capture.recorder import Entry, Subject, write
from audit.capture.registry import registration_of
from audit.capture.rows import locked_rows, plain_rows
from audit.evidence.verification.findings import Kind
from audit.evidence.verification.history import History, ends_of
from audit.evidence.verification.rows import histories_of, look_again, pages_of_gone, path_of
from audit.evidence.verification.tables import Table
from audit.models import Action, AuditEvent


def adopt_rows(label: str, *, reason: str, apps=present_apps) -> int:
    """Write the entries after which the log explains every row of the model, and every one that is gone.

    Returns how many were written.

    A migration gives its `apps`, because the model of today may have columns that are yet to be made.
    """
    registration = registration_of(present_apps.get_model(label))
    table = Table(replace(registration, model=apps.get_model(label)))
    written = 0
    with audit_context(source=Source.COMMAND.value, reason=reason):
        for page in table.pages():
            with transaction.atomic():
                written += len(write(_entries(table, list(page))))
        for _table, gone, _number in pages_of_gone([table]):
            with transaction.atomic():
                written += len(write(_endings(table, gone)))
    return written


def _entries(table: Table, pks: list[str]) -> Iterator[Entry]:
    rows = plain_rows(table.model, DEFAULT_DB_ALIAS).filter(pk__in=map(table.pk_of, pks))
    subjects = locked_rows(rows, table.registration, ())
    present, histories = table.values(rows), histories_of(table, pks, keep=True)
    for pk, row in subjects.items():
        subject, history = Subject.of_row(table.registration, row), histories[str(pk)]
        if not history.is_alive:
            changes = _beginnings(table, pk, present[pk], history)
            history.add(Action.CARRY, changes, keep=True)
            yield Entry(Action.CARRY, subject, changes)
        for changes in _amendments(table, pk, present[pk], history):
            yield Entry(Action.UPDATE, subject, changes)


def _endings(table: Table, pks: list[str]) -> Iterator[Entry]:
    """Rows are gone that nobody deleted through the application: each column from its end to nothing."""
    histories = histories_of(table, pks, keep=True)
    for pk in pks:
        if not any(finding.kind == Kind.DELETED_ROW for finding in look_again(table, pk)):
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
    """Each column as it was before the first entry about it, so that the entries go on from there."""
    changes = {}
    for column, value in present.items():
        nothing, (_ends, starts) = table.start_of(column), path_of(table, column, value, history)
        first = starts[0] if starts else value
        if first != nothing:
            changes[column] = [nothing, _logged(table, column, pk, first)]
    return changes


def _amendments(table: Table, pk: Any, present: dict, history: History) -> Iterator[dict[str, list]]:
    """What leads from each end of a path to where it should have gone on, the last one to the present."""
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
