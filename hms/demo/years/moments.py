"""Moments as seconds since 1970, and their local days."""

from datetime import UTC, date, datetime
from functools import lru_cache

from django.utils import timezone

from hms.core.days import local_day

QUARTER_S = 900  # no zone's day begins within a quarter of an hour


def moment_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def day_of(seconds: int) -> date:
    """The local day."""
    return _day_of(seconds // QUARTER_S)


@lru_cache(maxsize=200_000)
def _day_of(quarter: int) -> date:
    return timezone.localdate(moment_of(quarter * QUARTER_S))


@lru_cache(maxsize=4_096)
def midnight(day: date) -> int:
    return int(local_day(day)[0].timestamp())
