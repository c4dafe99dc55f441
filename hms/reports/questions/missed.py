from datetime import timedelta

from django.db.models import BigIntegerField, Case, F, Value, When
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hms.reports import listed
from hms.reports.outcomes import DEFINITION, booked, by_period, fate, fates_of
from hms.reports.question import IN_TIME, PLACES, Chart, Column, Kind, Row, question, share
from hms.reports.scope import Scope
from scheduling.querysets import AppointmentQuerySet

MEANING = _(
    "No-show rate: no-shows among those that came or did not. Cancellation rate: cancelled ones among all "
    "bookings."
)
# The days from the booking to the visit below which it belongs to the line.
LEAD_TIMES = (
    (1, _("Less than a day")),
    (2, _("1 day")),
    (4, _("2 or 3 days")),
    (8, _("4 to 7 days")),
    (15, _("8 to 14 days")),
    (31, _("15 to 30 days")),
    (None, _("More than 30 days")),
)


def rates(**of) -> tuple[Column, ...]:
    """The columns; a share leads to the bookings that are the part."""
    missed, cancelled = listed.bookings("missed", **of), listed.bookings("cancelled", **of)
    return (
        Column("bookings", _("Bookings"), behind=listed.bookings(**of)),
        Column("came", _("Came"), behind=listed.bookings("came", **of)),
        Column("missed", _("No-show"), behind=missed),
        Column("cancelled", _("Cancelled"), behind=cancelled),
        Column("missed_share", _("No-show rate"), Kind.SHARE, is_drawn=True, behind=missed),
        Column("cancelled_share", _("Cancellation rate"), Kind.SHARE, is_drawn=True, behind=cancelled),
    )


def by_lead(scope: Scope) -> AppointmentQuerySet:
    """Bookings with the number of their line."""
    cases = [
        When(starts_at__lt=F("booked_at") + timedelta(days=days), then=Value(number))
        for number, (days, _label) in enumerate(LEAD_TIMES)
        if days is not None
    ]
    line = Case(*cases, default=Value(len(LEAD_TIMES) - 1), output_field=BigIntegerField())
    return scope.bookings().filter(booked_at__isnull=False).annotate(line=line)


def with_rates(row: Row) -> Row:
    return row | {
        "bookings": booked(row),
        "missed_share": share(row["missed"], row["missed"] + row["came"]),
        "cancelled_share": share(row["cancelled"], booked(row)),
    }


@question(
    "no-shows",
    title=_("No-shows and cancellations"),
    definition=format_lazy("{} {}", MEANING, DEFINITION),
    permission="reports.view_visits",
    columns=(Column("period", _("From"), Kind.TEXT), *rates()),
    filters=IN_TIME,
    chart=Chart.LINES,
)
def no_shows(scope: Scope) -> list[Row]:
    return [with_rates(row) for row in by_period(scope)]


@question(
    "no-shows-by-lead-time",
    title=_("No-shows and cancellations by lead time"),
    definition=format_lazy(
        "{} {}",
        _("Lead time: whole days of 24 hours from the booking to the beginning of the visit."),
        MEANING,
    ),
    permission="reports.view_visits",
    columns=(Column("lead", _("Lead time"), Kind.TEXT), *rates(key="line", rows=by_lead)),
    filters=PLACES,
    chart=Chart.BARS,
)
def by_lead_time(scope: Scope) -> list[Row]:
    found = fates_of(by_lead(scope).annotate(fate=fate()), "line")
    return [
        {"lead": str(label), "key": number} | with_rates(found[number])
        for number, (_days, label) in enumerate(LEAD_TIMES)
    ]
