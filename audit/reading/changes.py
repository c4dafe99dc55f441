"""The history of some columns of one row, for whoever may see the row.

Nothing else of an entry is shown, so this is an access to the row and not to the log.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.evidence.verification.history import BEGINS, OF_STATE
from audit.evidence.verification.rows import OLDER_FIRST
from audit.models import AuditEvent


@dataclass(frozen=True)
class Change:
    """One entry about the row: when, by whom, and [before, after] of the columns."""

    at: datetime
    by: Any  # None also where the login is gone
    is_by_known: bool
    columns: dict[str, list]
    # An imported or carried-over row may have an earlier past.
    is_beginning: bool

    def after(self, column: str) -> Any:
        return self.columns.get(column, (None, None))[1]


def changes_of(label: str, pk: object, columns: Collection[str]) -> list[Change]:
    """Every entry that changed one of the columns, oldest first; one query."""
    entries = AuditEvent.objects.filter(model=label, object_pk=str(pk), action__in=OF_STATE)
    found = entries.select_related("actor").order_by(OLDER_FIRST, "pk")
    changes = [
        Change(
            at=entry.recorded_at,
            by=entry.actor,
            is_by_known=entry.actor_id is None or entry.actor is not None,
            columns=_only(entry.changes, columns),
            is_beginning=entry.action in BEGINS,
        )
        for entry in found
    ]
    return [change for change in changes if change.columns]


def _only(changes: dict[str, list], columns: Collection[str]) -> dict[str, list]:
    return {column: pair for column, pair in changes.items() if column in columns}
