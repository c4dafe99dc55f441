"""Moments as they appear in addresses (20261123T0430Z) and as patients read them (9:30 AM, today)."""

from datetime import UTC, date, datetime
from functools import lru_cache

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hms.core.days import PLAUSIBLE_YEARS


class PartOfDay(models.IntegerChoices):
    MORNING = 0, _lazy("Morning")
    AFTERNOON = 1, _lazy("Afternoon")
    EVENING = 2, _lazy("Evening")

    @classmethod
    def at(cls, hour: int) -> "PartOfDay":
        """Noon and 17:00 in hospital time divide the day."""
        return cls.MORNING if hour < 12 else cls.AFTERNOON if hour < 17 else cls.EVENING


CLOCKS = [f"{hour:02}{minute:02}Z" for hour in range(24) for minute in range(60)]


def compact(moment: datetime) -> str:
    """An aware moment for an address: UTC, to the minute."""
    return compact_seconds(int(moment.timestamp()))


def compact_seconds(seconds: int) -> str:
    """`compact` for seconds since 1970; takes a fifth of the time that strftime takes."""
    day, second = divmod(seconds, 86_400)
    return _utc_day(day) + CLOCKS[second // 60]


@lru_cache(maxsize=512)
def _utc_day(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y%m%dT")


def parse_moment(text: str) -> datetime | None:
    """Read an ISO 8601 moment, as hospital time if it has no zone; None for anything else.

    A local time skipped when clocks go forward gives None; a repeated one means its first occurrence.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if moment.year not in PLAUSIBLE_YEARS:
        return None
    if moment.tzinfo:
        return moment
    local = timezone.make_aware(moment)
    return local if timezone.make_naive(local.astimezone(UTC)) == moment else None


def parse_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day.year in PLAUSIBLE_YEARS else None


def clock(moment: datetime) -> str:
    """For example "9:30 AM", in the hospital's zone; in an hour that comes twice "2:30 AM CEST"."""
    return clock_of(timezone.localtime(moment), get_language())


def clock_of(local: datetime, language: str | None) -> str:
    label = clock_label(local.hour, local.minute, language)
    return f"{label} {local.tzname()}" if comes_twice(local) else label


def comes_twice(local: datetime) -> bool:
    """Whether the clock shows this time twice, because it goes back from summer time."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


@lru_cache(maxsize=8192)
def clock_label(hour: int, minute: int, _language: str | None) -> str:
    """A time of day; the language is an argument because it is part of the cache key."""
    return date_format(datetime(2000, 1, 1, hour, minute), "g:i A")  # noqa: DTZ001 - a wall clock


@lru_cache(maxsize=2048)
def day_label(day: date, _language: str | None) -> str:
    """For example "Wednesday 25 November"; the language is part of the cache key."""
    return date_format(day, "l j F")


def near_day(day: date) -> str:
    """ "Today", "Tomorrow" or, for example, "Wed 25 Nov"."""
    away = (day - timezone.localdate()).days
    if away == 0:
        return _("Today")
    return _("Tomorrow") if away == 1 else date_format(day, "D j M")


def day_and_clock(moment: datetime) -> str:
    """For example "Tomorrow, 9:30 AM"."""
    return f"{near_day(timezone.localtime(moment).date())}, {clock(moment)}"
