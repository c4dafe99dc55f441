"""The beginning and end of a day in the hospital's time zone, computed in Python.

Many databases have no time zone tables and would answer with NULL or an error.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

# Of visits and payments: neither a zone nor the next day leads out of what Python counts.
PLAUSIBLE_YEARS = range(2000, 2200)


def midnight(day: date) -> datetime:
    """The start of `day` in the hospital's time zone, aware."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def local_day(day: date) -> tuple[datetime, datetime]:
    """The start of `day` and of the next day in the hospital's time zone, aware; 23 to 25 hours apart."""
    return midnight(day), midnight(day + timedelta(days=1))
