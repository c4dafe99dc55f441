"""Moments as seconds since 1970, and their local days."""

from datetime import UTC, date, datetime
from functools import lru_cache

from django.utils import timezone

from hms.core.days import local_day


def moment_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def day_of(seconds: int) -> date:
    """The local day."""
    return timezone.localdate(moment_of(seconds))


@lru_cache(maxsize=4_096)
def midnight(day: date) -> int:
    return int(local_day(day)[0].timestamp())
