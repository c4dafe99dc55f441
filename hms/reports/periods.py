"""Days, weeks, months, hours and weekdays of the hospital, as expressions that both databases group by.

The database gets the offset of the hospital's zone as a number, so it needs no time zone tables: within a
range of days a zone has one offset, and one more for each change of its clocks.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.db import models
from django.db.models import BigIntegerField, Case, F, Func, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hms.core.days import midnight

EPOCH = date(1970, 1, 1)  # a Thursday
DAY_S, HOUR_S = 86_400, 3_600


class Step(models.TextChoices):
    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")

    def first_of(self, day: date) -> date:
        """The first day of the period in which the day lies; weeks begin on Monday."""
        match self:
            case Step.WEEK:
                return day - timedelta(days=day.weekday())
            case Step.MONTH:
                return day.replace(day=1)
            case Step.YEAR:
                return day.replace(month=1, day=1)
        return day

    def after(self, first: date) -> date:
        """The first day of the next period."""
        longest = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 31, Step.YEAR: 366}[self]
        return self.first_of(first + timedelta(days=longest))

    def periods(self, first: date, last: date) -> list[date]:
        """The first day of each period between the days."""
        found = [self.first_of(first)]
        while (following := self.after(found[-1])) <= last:
            found.append(following)
        return found

    def name_of(self, first: date) -> str:
        form = {Step.MONTH: "M Y", Step.YEAR: "Y"}.get(self, "j M Y")
        return date_format(first, form)


class Seconds(Func):
    """Whole seconds since 1970 of a moment."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)", **context
        )

    def as_mysql(self, compiler, connection, **context):
        template = "TIMESTAMPDIFF(SECOND, '1970-01-01', %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **context)


class Whole(Func):
    """How many times the second number goes into the first."""

    template = "(%(expressions)s)"
    arg_joiner = " / "
    output_field = BigIntegerField()

    def as_mysql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, arg_joiner=" DIV ", **context)


class Month(Func):
    """202611 for seconds since 1970 within November 2026."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler, connection, **context):
        template = "CAST(strftime('%%%%Y%%%%m', %(expressions)s, 'unixepoch') AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_mysql(self, compiler, connection, **context):
        template = "EXTRACT(YEAR_MONTH FROM DATE_ADD('1970-01-01', INTERVAL (%(expressions)s) SECOND))"
        return self.as_sql(compiler, connection, template=template, **context)


def offsets(first: date, last: date) -> Iterator[tuple[datetime, int]]:
    """The offsets of the zone between the days, in seconds, each with the moment at which it ends."""
    zone = timezone.get_current_timezone()
    moment, end = midnight(first).astimezone(UTC), midnight(last + timedelta(days=1)).astimezone(UTC)

    def offset(at: datetime) -> int:
        return int(at.astimezone(zone).utcoffset().total_seconds())

    while moment < end:
        later = min(moment + timedelta(days=1), end)
        if offset(moment) != offset(later):
            low, high = moment, later
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
                low, high = (middle, high) if offset(middle) == offset(moment) else (low, middle)
            yield high, offset(moment)
        moment = later
    yield end, offset(end - timedelta(seconds=1))


def local_seconds(column: str, first: date, last: date) -> models.expressions.Combinable:
    """Seconds since 1970 by the clocks on the wall; for moments between the two days."""
    *earlier, (_end, latest) = offsets(first, last)
    if not earlier:
        return Seconds(F(column)) + Value(latest)
    cases = [When(**{f"{column}__lt": until}, then=Value(offset)) for until, offset in earlier]
    return Seconds(F(column)) + Case(*cases, default=Value(latest), output_field=BigIntegerField())


def hour_of(column: str, first: date, last: date):
    return Whole(local_seconds(column, first, last), Value(HOUR_S)) % Value(24)


def weekday_of(column: str, first: date, last: date):
    """0 for Monday."""
    return (Whole(local_seconds(column, first, last), Value(DAY_S)) + Value(EPOCH.weekday())) % Value(7)


def period_of(column: str, step: Step, first: date, last: date):
    """A number for the period of a moment; `number_of` gives that of a period."""
    if step == Step.DAY:
        return Whole(local_seconds(column, first, last), Value(DAY_S))
    if step == Step.WEEK:
        days = Whole(local_seconds(column, first, last), Value(DAY_S))
        return Whole(days + Value(EPOCH.weekday()), Value(7))
    months = Month(local_seconds(column, first, last))
    return months if step == Step.MONTH else Whole(months, Value(100))


def number_of(period: date, step: Step) -> int:
    days = (period - EPOCH).days
    match step:
        case Step.DAY:
            return days
        case Step.WEEK:
            return (days + EPOCH.weekday()) // 7
    return period.year * 100 + period.month if step == Step.MONTH else period.year
