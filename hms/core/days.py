"""Where a day begins and ends: by the hospital's clock, computed here and not by the database.

A database that has no time zone tables, as many have none, answers with NULL or an error.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def midnight(day: date) -> datetime:
    """The aware moment at which `day` begins in the hospital's zone."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def local_day(day: date) -> tuple[datetime, datetime]:
    """The aware moments between which `day` lies in the hospital's zone; 23 to 25 hours apart."""
    return midnight(day), midnight(day + timedelta(days=1))
