"""Time as five-minute cells: cell n begins 300·n seconds after 1970-01-01 00:00 UTC.

Integers compare, index and hash faster than datetimes and do not depend on daylight saving time.
"""

from datetime import UTC, datetime, timedelta

CELL_SECONDS = 300
CELL = timedelta(seconds=CELL_SECONDS)
CELL_MINUTES = 5


def cell_of(moment: datetime) -> int:
    return int(moment.timestamp()) // CELL_SECONDS


def moment_of(cell: int) -> datetime:
    return datetime.fromtimestamp(cell * CELL_SECONDS, UTC)


def cells_between(starts_at: datetime, ends_at: datetime) -> range:
    """Every cell that overlaps [starts_at, ends_at), including partly covered ones."""
    return range(cell_of(starts_at), -(-int(ends_at.timestamp()) // CELL_SECONDS))
