"""Filters lists by time with one range query on an index.

Django's `date_hierarchy` reads every row to find the years that occur, and computes them in the database,
which fails if the database has no time zone tables.
"""

from datetime import date, timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hms.core.days import local_day

MONTHS = 12
LAST_DAYS = {"today": 0, "week": 6}


class PeriodFilter(admin.SimpleListFilter):
    """Today, the last seven days, one of the last twelve months and, if asked for, future months."""

    title = _("time")
    parameter_name = "when"
    column = "created_at"
    months_to_come = 0

    def lookups(self, request, model_admin):  # noqa: ARG002 - Django's signature
        months = [(f"{first:%Y-%m}", date_format(first, "F Y")) for first in self.months()]
        return [("today", _("Today")), ("week", _("The last 7 days")), *months]

    def queryset(self, request, queryset):  # noqa: ARG002 - Django's signature
        days = self.days()
        if days is None:
            return queryset
        begins, ends = local_day(days[0])[0], local_day(days[1])[1]
        return queryset.filter(**{f"{self.column}__gte": begins, f"{self.column}__lt": ends})

    def days(self) -> tuple[date, date] | None:
        today = timezone.localdate()
        if self.value() in LAST_DAYS:
            return today - timedelta(days=LAST_DAYS[self.value()]), today
        asked = {f"{first:%Y-%m}": first for first in self.months()}.get(self.value())
        return (asked, month_after(asked) - timedelta(days=1)) if asked else None

    def months(self) -> list[date]:
        latest = timezone.localdate().replace(day=1)
        for _month in range(self.months_to_come):
            latest = month_after(latest)
        months = [latest]
        while len(months) < MONTHS + self.months_to_come:
            months.append((months[-1] - timedelta(days=1)).replace(day=1))
        return months


def by_time(column: str, *, months_to_come: int = 0) -> type[PeriodFilter]:
    return type(f"By{column}", (PeriodFilter,), {"column": column, "months_to_come": months_to_come})


def month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
