"""What became of bookings, for every report that counts it: each booking is in exactly one of the four."""

from collections import defaultdict
from typing import Any

from django.db.models import Case, CharField, Count, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.reports.listed import bookings
from hms.reports.periods import number_of, period_of
from hms.reports.question import Column, Row
from hms.reports.scope import Scope
from scheduling.models import Appointment

COLUMNS = (
    Column("came", _("Came"), is_drawn=True, behind=bookings("came")),
    Column("coming", _("To come"), is_drawn=True, behind=bookings("coming")),
    Column("missed", _("No-show"), is_drawn=True, behind=bookings("missed")),
    Column("cancelled", _("Cancelled"), is_drawn=True, behind=bookings("cancelled")),
)
DEFINITION = _(
    "Bookings count on the day of the appointment; times that were held and never booked do not. Came: "
    "arrived, in consultation or completed. No-show: marked as such, or nobody came and the time has been "
    "over for some hours. To come: booked and not over."
)
NONE = dict.fromkeys(("came", "coming", "missed", "cancelled"), 0)


def fate() -> Case:
    """One group for each: four counts over all rows take twice as long."""
    fates = Appointment.objects.fates(timezone.now())
    cases = (When(condition, then=Value(name)) for name, condition in fates.items())
    return Case(*cases, output_field=CharField())


def fates_of(rows: QuerySet, group: str) -> dict[Any, dict[str, int]]:
    """What became of the bookings of each group."""
    found: dict = defaultdict(lambda: dict(NONE))
    for key, name, number in rows.values_list(group, "fate").annotate(number=Count("pk")):
        found[key][name] = number
    return found


def by_period(scope: Scope) -> list[Row]:
    number = period_of("starts_at", scope.step, scope.first, scope.last)
    found = fates_of(scope.bookings().annotate(fate=fate(), nth_period=number), "nth_period")
    return [
        {"period": scope.name_of(first), "days": scope.days_of(first)} | found[number_of(first, scope.step)]
        for first in scope.step.periods(scope.first, scope.last)
    ]


def booked(row: Row) -> int:
    return sum(row[name] for name in NONE)
