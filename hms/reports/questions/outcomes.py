from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import add

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinical.models import Encounter, LabResult
from clinical.statuses import GIVEN
from clinical.statuses.encounters import EncounterStatus
from hms.core.days import midnight
from hms.reports.parts import Figure, part
from hms.reports.question import PLACES, Chart, Column, Kind, Row, question, share
from hms.reports.questions.clinical import WHO_HAS_IT
from hms.reports.scope import Scope
from scheduling.models import Appointment

BACK_WITHIN_DAYS = 7
FOLLOW_UP_DAYS = 7
BACK_WITHIN, FOLLOW_UP = timedelta(days=BACK_WITHIN_DAYS), timedelta(days=FOLLOW_UP_DAYS)
INSTANT = timedelta(microseconds=1)
HBA1C, PER_CENT, HBA1C_GOAL = "4548-4", "%", 7


@question(
    "outcomes",
    title=_("Outcomes"),
    definition=_(
        "Back within 7 days: visits after which the same patient came again to anybody within 7 times 24 "
        "hours. Follow-up kept: of the follow-ups that signed visit records set for these days and that are "
        "over, those whose patients came again at most 7 days earlier or later. HbA1c at goal: of the "
        "patients with a released result in these days, those whose last one is below 7 %."
    ),
    not_listed=WHO_HAS_IT,
    permission="reports.view_clinical",
    columns=(
        Column("measure", _("Measure"), Kind.TEXT),
        Column("whole", _("Of")),
        Column("part", _("Number")),
        Column("share", _("Share"), Kind.SHARE, is_drawn=True),
    ),
    filters=PLACES,
    chart=Chart.BARS,
    has_total=False,
)
def outcomes(scope: Scope) -> list[Row]:
    back, kept = sums(scope)
    measured = (
        (_("Back within 7 days"), back),
        (_("Follow-up kept"), kept),
        (_("HbA1c at goal"), hba1c_at_goal(scope)),
    )
    return [
        {"measure": str(name), "whole": whole, "part": part, "share": share(part, whole)}
        for name, (whole, part) in measured
    ]


def counted(rows: QuerySet, **counts) -> tuple[int, int]:
    found = rows.aggregate(**counts)
    return found["whole"], found["part"]


def sums(scope: Scope) -> list[tuple[int, int]]:
    """Visits and those after which the patient was back, due follow-ups and kept ones."""
    numbers = list(zip(*outcomes_of_visits.figures(scope).values(), strict=True)) or [()] * 4
    visits, back, due, kept = map(sum, numbers)
    return [(visits, back), (due, kept)]


@part("outcomes", merged=(add,) * 4, reaches_days=FOLLOW_UP_DAYS + BACK_WITHIN_DAYS)
def outcomes_of_visits(scope: Scope) -> Iterator[Figure]:
    """By branch and doctor, from the moments at which each patient came, read once in their order."""
    begins, ends = midnight(scope.first), midnight(scope.last + timedelta(days=1))
    room = timedelta(days=FOLLOW_UP_DAYS + 1)
    came = Appointment.objects.came().filter(starts_at__gte=begins - room, starts_at__lt=ends + room)
    moments: dict[int, list[datetime]] = defaultdict(list)
    visits = []
    for patient, starts_at, *place in came.order_by("starts_at").values_list(
        "patient", "starts_at", "branch", "doctor"
    ):
        moments[patient].append(starts_at)
        if begins <= starts_at < ends and is_here(scope, *place):
            visits.append((patient, starts_at, tuple(place)))
    found: dict[tuple, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for patient, starts_at, place in visits:
        found[place][0] += 1
        found[place][1] += is_between(moments[patient], starts_at, starts_at + BACK_WITHIN)
    for patient, due_on, starts_at, *place in due_follow_ups(scope):
        first, last = midnight(due_on - FOLLOW_UP), midnight(due_on + room) - INSTANT
        found[tuple(place)][2] += 1
        found[tuple(place)][3] += is_between(moments[patient], max(starts_at, first - INSTANT), last)
    yield from found.items()


def is_here(scope: Scope, branch: int, doctor: int) -> bool:
    return (scope.branches is None or branch in scope.branches) and (
        scope.doctors is None or doctor in scope.doctors
    )


def is_between(moments: list[datetime], after: datetime, until: datetime) -> bool:
    """Whether one of the ordered moments is later than the first and not later than the second."""
    return bisect_right(moments, until) > bisect_right(moments, after)


def due_follow_ups(scope: Scope) -> QuerySet:
    """That are over, each with its patient, day, visit and place."""
    over = min(scope.last, timezone.localdate() - timedelta(days=FOLLOW_UP_DAYS + 1))
    due = Encounter.objects.filter(
        status=EncounterStatus.SIGNED, follow_up_on__gte=scope.first, follow_up_on__lte=over
    )
    visit = ("starts_at", "branch", "doctor")
    return scope.of_places(due, "appointment").values_list(
        "patient", "follow_up_on", *(f"appointment__{name}" for name in visit)
    )


def hba1c_at_goal(scope: Scope) -> tuple[int, int]:
    given = LabResult.objects.filter(
        status__in=GIVEN, order__test__loinc=HBA1C, unit=PER_CENT, value__isnull=False
    )
    rows = scope.within(given, "released_at", "order__appointment")
    latest = rows.filter(patient=OuterRef("patient")).order_by("-released_at", "-pk").values("pk")
    last = rows.filter(pk=Subquery(latest[:1]))
    return counted(last, whole=Count("pk"), part=Count("pk", filter=Q(value__lt=HBA1C_GOAL)))
