from datetime import date, datetime, time, timedelta

from django.utils import timezone


def local_day(day: date) -> tuple[datetime, datetime]:
    """The aware moments between which `day` lies in the hospital's zone; 23 to 25 hours apart."""
    zone = timezone.get_current_timezone()
    start = datetime.combine(day, time.min, tzinfo=zone)
    return start, datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
