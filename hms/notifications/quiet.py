"""Quiet hours, in which nothing is sent that can wait."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

BEFORE_A_VISIT = timedelta(hours=1)


def after_quiet(moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies."""
    begins, ends = settings.NOTIFICATIONS["quiet_from"], settings.NOTIFICATIONS["quiet_until"]
    local = timezone.localtime(moment)
    hour = local.hour
    is_quiet = begins <= hour < ends if begins < ends else hour >= begins or hour < ends
    if begins == ends or not is_quiet:
        return moment
    day = local.date() + timedelta(days=hour >= ends)
    return timezone.make_aware(datetime.combine(day, time(ends)))


def reminded_at(moment: datetime, starts_at: datetime) -> datetime:
    """After the quiet hours, unless that were less than an hour before the visit: then at once."""
    quiet = after_quiet(moment)
    return moment if quiet > starts_at - BEFORE_A_VISIT else quiet
