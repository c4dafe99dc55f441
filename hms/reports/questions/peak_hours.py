from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from hms.reports import listed
from hms.reports.periods import hour_of, weekday_of
from hms.reports.question import PLACES, Chart, Column, Kind, Row, question
from hms.reports.scope import Scope
from scheduling.models.schedule import Weekday
from scheduling.querysets import AppointmentQuerySet

DAYS = {number: f"day_{number}" for number in Weekday.values}


def by_hour(scope: Scope) -> AppointmentQuerySet:
    days = scope.first, scope.last
    return scope.visits().annotate(hour=hour_of("starts_at", *days), weekday=weekday_of("starts_at", *days))


@question(
    "peak-hours",
    title=_("Peak hours and days"),
    definition=_(
        "Visits by the hour and the day of the week of their appointment, by the clocks of the hospital; "
        "only those whose patients came."
    ),
    permission="reports.view_visits",
    columns=(
        Column("hour", _("From"), Kind.TEXT),
        *(
            Column(
                name, Weekday(day).label, is_drawn=True, behind=listed.visits("hour", by_hour, weekday=day)
            )
            for day, name in DAYS.items()
        ),
        Column("visits", _("Visits"), behind=listed.visits("hour", by_hour)),
    ),
    filters=PLACES,
    chart=Chart.HEAT,
)
def peak_hours(scope: Scope) -> list[Row]:
    counted = by_hour(scope).values_list("hour", "weekday").annotate(visits=Count("pk"))
    found = {(hour, weekday): visits for hour, weekday, visits in counted}
    return [
        {"hour": f"{hour:02}:00", "key": hour}
        | {name: found.get((hour, number), 0) for number, name in DAYS.items()}
        | {"visits": sum(found.get((hour, number), 0) for number in DAYS)}
        for hour in range(24)
    ]
