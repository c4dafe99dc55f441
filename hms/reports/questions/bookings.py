from django.utils.translation import gettext_lazy as _

from hms.reports.behind import BOOKINGS
from hms.reports.outcomes import COLUMNS, DEFINITION, booked, by_period
from hms.reports.question import IN_TIME, Chart, Column, Kind, Row, question
from hms.reports.scope import Scope


@question(
    "bookings",
    title=_("Bookings by day, week, month or year"),
    definition=DEFINITION,
    permission="reports.view_visits",
    columns=(Column("period", _("From"), Kind.TEXT), *COLUMNS, Column("bookings", _("Bookings"))),
    filters=IN_TIME,
    chart=Chart.STACKED,
)
def bookings(scope: Scope) -> list[Row]:
    rows = by_period(scope)
    return [row | {"bookings": booked(row), "behind": (BOOKINGS, {})} for row in rows]
