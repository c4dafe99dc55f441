"""Time as five-minute cells: cell n begins 300·n seconds after 1970-01-01 00:00 UTC.

Integers compare, index and hash faster than datetimes and do not depend on daylight saving time.
"""

from datetime import UTC, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CELL_SECONDS = 300
CELL = timedelta(seconds=CELL_SECONDS)
CELL_MINUTES = 5
# Hours until this minute last until midnight, which a time of the day cannot say.
LAST_MINUTE = time(23, 59)
OFF_THE_GRID = _("Please give a time in steps of five minutes, or 23:59 for midnight.")


def on_the_grid(value: time | datetime) -> None:
    """Refuse a time that is no boundary of cells: it would block its neighbours, or could not be booked."""
    clock = value.timetz() if isinstance(value, datetime) else value
    if clock.replace(tzinfo=None) != LAST_MINUTE and (clock.minute % CELL_MINUTES or clock.second):
        raise ValidationError(OFF_THE_GRID, code="off_the_grid")


def minutes_between(starts_at: time, ends_at: time) -> int:
    """How long hours last that end on the same day, or at midnight."""
    last = 24 * 60 if ends_at >= LAST_MINUTE else ends_at.hour * 60 + ends_at.minute
    return last - starts_at.hour * 60 - starts_at.minute


def cell_of(moment: datetime) -> int:
    return int(moment.timestamp()) // CELL_SECONDS


def moment_of(cell: int) -> datetime:
    return datetime.fromtimestamp(cell * CELL_SECONDS, UTC)


def cells_between(starts_at: datetime, ends_at: datetime) -> range:
    """Every cell that overlaps [starts_at, ends_at), including partly covered ones."""
    return range(cell_of(starts_at), -(-int(ends_at.timestamp()) // CELL_SECONDS))
