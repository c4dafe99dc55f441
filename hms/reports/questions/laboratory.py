from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from clinical.models import LabOrder
from clinical.statuses import LabOrderStatus
from hms.reports.periods import HOUR_S, Seconds
from hms.reports.question import PLACES, Behind, Chart, Column, Kind, Row, question, share
from hms.reports.scope import Scope


def released(scope: Scope) -> QuerySet:
    return scope.within(LabOrder.objects.filter(status=LabOrderStatus.RELEASED), "released_at", "appointment")


@question(
    "laboratory-turnaround",
    title=_("Laboratory turnaround"),
    definition=_(
        "Tests whose result was released in these days. From the order and from the sample to the release, "
        "in mean hours. In time: released before the order was due."
    ),
    permission="reports.view_laboratory",
    columns=(
        Column("test", _("Test"), Kind.TEXT),
        Column("released", _("Released"), behind=Behind(LabOrder, released, "test")),
        Column("from_order", _("Hours from the order"), Kind.NUMBER, is_drawn=True),
        Column("from_sample", _("Hours from the sample"), Kind.NUMBER, is_drawn=True),
        Column("in_time", _("In time"), Kind.SHARE),
    ),
    filters=PLACES,
    chart=Chart.BARS,
)
def turnaround(scope: Scope) -> list[Row]:
    end = Seconds(F("released_at"))
    groups = released(scope).annotate(name=F("test__name")).values("test", "name")
    counted = groups.annotate(
        released=Count("pk"),
        ordered_s=Sum(end - Seconds(F("recorded_at"))),
        sampled_s=Sum(end - Seconds(F("collected_at"))),
        in_time=Count("pk", filter=Q(released_at__lte=F("due_at"))),
    )
    return [
        {
            "key": group["test"],
            "test": group["name"],
            "released": group["released"],
            "from_order": hours(group["ordered_s"], group["released"]),
            "from_sample": hours(group["sampled_s"], group["released"]),
            "in_time": share(group["in_time"], group["released"]),
        }
        for group in sorted(counted, key=lambda group: group["name"])
    ]


def hours(seconds: int, number: int) -> Decimal:
    """The mean, to one decimal place, rounded half up."""
    return Decimal((20 * seconds + HOUR_S * number) // (2 * HOUR_S * number)).scaleb(-1)
