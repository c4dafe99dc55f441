"""Rows that wait to be done by one of many workers: claimed, and tried again after growing pauses.

A claim is a conditional update that postpones `due_at`, so that other workers skip the row. No lock is held
while the work is done. Whatever ends a row's waiting changes `due_at` as well.
"""

from datetime import datetime, timedelta

from django.db.models import Model

from hms.core.transactions import retried_atomic

LONGEST_PAUSE = timedelta(hours=6)


@retried_atomic
def claim(row: Model, *, until: datetime, **changes) -> bool:
    """Whether this worker takes the row: nobody has postponed it since it was read."""
    seen = type(row)._base_manager.filter(pk=row.pk, due_at=row.due_at)
    return bool(seen.update(due_at=until, **changes))


def pause_after(attempts: int) -> timedelta:
    """The pause after a failed attempt: two minutes, doubled after each further one, at most six hours."""
    return min(timedelta(minutes=2 ** min(attempts, 12)), LONGEST_PAUSE)
