from django.utils.translation import gettext_lazy as _

from hms.reports import listed
from hms.reports.outcomes import COLUMNS, DEFINITION, booked, by_period
from hms.reports.question import IN_TIME, Chart, Column, Kind, Row, question
from hms.reports.scope import Scope

TOTAL = Column("bookings", _("Bookings"), behind=listed.bookings())


@question(
    "bookings",
    title=_("Bookings by day, week, month or year"),
    definition=DEFINITION,
    permission="reports.view_visits",
    columns=(Column("period", _("From"), Kind.TEXT), *COLUMNS, TOTAL),
    filters=IN_TIME,
    chart=Chart.STACKED,
)
def bookings(scope: Scope) -> list[Row]:
    return [row | {"bookings": booked(row)} for row in by_period(scope)]
