"""Times of a local day as seconds since 1970."""

from datetime import date, datetime, time, timedelta, tzinfo

from scheduling.cells import CELL_SECONDS, LAST_MINUTE


def seconds_of(day: date, clock: time, zone: tzinfo) -> int:
    return int(datetime.combine(day, clock, tzinfo=zone).timestamp())


def end_of(day: date, clock: time, zone: tzinfo) -> int:
    """When hours until this time of the day end."""
    if clock >= LAST_MINUTE:
        return seconds_of(day + timedelta(days=1), time.min, zone)
    return seconds_of(day, clock, zone)


def to_the_grid(start: int) -> int:
    """The next boundary of cells, for sessions from before such times were refused."""
    return -(-start // CELL_SECONDS) * CELL_SECONDS
