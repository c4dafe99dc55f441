"""Compares every row of every registered model with its entries.

Others may write meanwhile, so a suspicious row is checked again under a lock: a concurrent writer has either
not begun or has committed both the row and its entry.
"""

from collections.abc import Callable, Iterable, Iterator

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Case, Value, When

from audit.capture.registry import registered_models, registration_of
from audit.capture.rows import plain_rows
from audit.capture.values import MASK, logged_value
from audit.evidence.verification.findings import Finding, Kind
from audit.evidence.verification.history import OF_STATE, History, ends_of
from audit.evidence.verification.tables import PAGE, Table
from audit.models import Action, AuditEvent

# A carried entry is written late and comes before all others.
OLDER_FIRST = Case(When(action=Action.CARRY, then=Value(0)), default=Value(1))


def tables() -> list[Table]:
    return [Table(registration_of(model)) for model in registered_models()]


def check_rows(step: Callable[[int], object] = lambda _number: None) -> Iterator[Finding]:
    """Existing rows that were changed or added without an entry."""
    for table in tables():
        for page in table.pages():
            histories = histories_of(table, page)
            for pk, present in page.items():
                if not _looks_right(table, pk, present, histories[pk]):
                    yield from check_again(table, pk)
            step(len(page))


def check_missing(step: Callable[[int], object] = lambda _number: None) -> Iterator[Finding]:
    """Missing rows whose deletion has no entry."""
    for table, gone, number in pages_of_missing(tables()):
        for pk in gone:
            yield from check_again(table, pk)
        step(number)


def pages_of_missing(tables_checked: Iterable[Table]) -> Iterator[tuple[Table, list[str], int]]:
    """Keys of missing rows whose deletion has no entry, and how many were checked."""
    by_label = {table.label: table for table in tables_checked}
    for pairs in _pages_of_records(by_label):
        for label, keys in pairs.items():
            table = by_label[label]
            gone = keys - table.present(keys)
            histories = histories_of(table, gone)
            yield table, sorted(pk for pk in gone if histories[pk].is_alive), len(keys)


def histories_of(table: Table, pks: Iterable[str], *, keep: bool = False) -> dict[str, History]:
    histories = {pk: History() for pk in pks}
    entries = AuditEvent.objects.filter(model=table.label, object_pk__in=histories, action__in=OF_STATE)
    columns = ("object_pk", "action", "changes", "details__rows")
    for pk, action, changes, rows in entries.order_by(OLDER_FIRST, "pk").values_list(*columns):
        histories[pk].add(action, changes, rows=rows if action == Action.CARRY else None, keep=keep)
    return histories


def check_again(table: Table, pk: str) -> Iterator[Finding]:
    with transaction.atomic():
        rows = plain_rows(table.model, DEFAULT_DB_ALIAS).filter(pk=table.pk_of(pk))
        list(rows.select_for_update().values_list("pk"))
        present = next(iter(table.values(rows).values()), None)
        history = histories_of(table, [pk], keep=True)[pk]
        findings = list(_judge(table, pk, present, history))
    yield from findings


def _looks_right(table: Table, pk: str, present: dict, history: History) -> bool:
    state = history.state
    return (
        history.is_alive
        and history.is_smooth
        and all(
            table.is_same(column, pk, state.get(column, table.start_of(column)), value)
            or (column not in state and _is_younger(table, column, value))
            for column, value in present.items()
        )
    )


def _is_younger(table: Table, column: str, value: object) -> bool:
    """Whether a column without entries may be younger than the row: it has its default."""
    return column in table.columns and column not in table.masked and value == default_of(table, column)


def default_of(table: Table, column: str) -> object:
    field = table.columns[column]
    return logged_value(field, field.get_default()) if field.has_default() else None


def _judge(table: Table, pk: str, present: dict | None, history: History) -> Iterator[Finding]:
    place = {"model": table.label, "object_pk": pk}
    if present is None:
        if history.is_alive:
            yield Finding(Kind.DELETED_ROW, **place)
    elif not history.is_alive:
        yield Finding(Kind.ADDED_ROW, **place)
    else:
        for kind, changes in _differences(table, pk, present, history).items():
            yield Finding(kind, changes=changes, **place)


def _differences(table: Table, pk: str, present: dict, history: History) -> dict[Kind, dict]:
    found: dict[Kind, dict] = {}
    for column, value in present.items():
        ends, starts = path_of(table, column, value, history)
        others = [end for end in ends if not table.is_same(column, pk, end, value)]
        if len(others) == len(ends):
            shown = MASK if column in table.masked else value
            found.setdefault(Kind.CHANGED_ROW, {})[column] = [ends[0] if len(ends) == 1 else ends, shown]
        elif others or starts:
            found.setdefault(Kind.GAP_IN_ROW, {})[column] = [others, starts]
    return found


def path_of(table: Table, column: str, present: object, history: History) -> tuple[list, list]:
    """The ends of a column's path, and where parts of it begin without reason."""
    if column in table.links or column in table.masked:
        return [_last_of(table, column, history)], []
    pairs = history.pairs.get(column, [])
    ends, starts = ends_of(pairs)
    if (ends, starts) != ([present], []):
        # The column may be younger than the row; then it began with its default.
        younger = ends_of([*pairs, [None, default_of(table, column)]])
        if younger == ([present], []):
            return younger
    return ends, starts


def _last_of(table: Table, column: str, history: History) -> object:
    """The last logged value; links vanish with the linked row, and fingerprints change with the key."""
    ends, starts = ends_of(history.pairs.get(column, []), start=table.start_of(column))
    last = history.state.get(column) if starts or len(ends) != 1 else ends[0]
    return _of_those_left(table, column, last or []) if column in table.links else last


def _of_those_left(table: Table, column: str, linked: list) -> list:
    """Links to deleted rows are left out; those deletions have entries of their own."""
    others = plain_rows(table.links[column].related_model, DEFAULT_DB_ALIAS).filter(pk__in=linked)
    return sorted(others.values_list("pk", flat=True))


def _pages_of_records(labels: Iterable[str]) -> Iterator[dict[str, set[str]]]:
    """Keys of all rows in the log, by model, in portions."""
    last, records = "", AuditEvent.objects.filter(model__in=list(labels)).order_by("object_pk")
    while True:
        keys = list(records.filter(object_pk__gt=last).values_list("object_pk", flat=True).distinct()[:PAGE])
        if not keys:
            return
        pairs: dict[str, set[str]] = {}
        for label, pk in records.filter(object_pk__in=keys).values_list("model", "object_pk").distinct():
            pairs.setdefault(label, set()).add(pk)
        yield pairs
        last = keys[-1]
