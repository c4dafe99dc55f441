from datetime import timedelta

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    ValueRange,
    When,
    Window,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinical.models import Encounter, LabResult
from clinical.statuses import GIVEN
from clinical.statuses.encounters import EncounterStatus
from hms.core.days import midnight
from hms.reports.periods import DAY_S, Seconds, local_seconds
from hms.reports.question import PLACES, Chart, Column, Kind, Row, question, share
from hms.reports.questions.clinical import WHO_HAS_IT
from hms.reports.scope import Scope
from scheduling.models import Appointment
from scheduling.statuses import CAME

BACK_WITHIN_DAYS = 7
FOLLOW_UP_DAYS = 7
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
    measured = (
        (_("Back within 7 days"), back_soon(scope)),
        (_("Follow-up kept"), kept_follow_ups(scope)),
        (_("HbA1c at goal"), hba1c_at_goal(scope)),
    )
    return [
        {"measure": str(name), "whole": whole, "part": part, "share": share(part, whole)}
        for name, (whole, part) in measured
    ]


def counted(rows: QuerySet, **counts) -> tuple[int, int]:
    found = rows.aggregate(**counts)
    return found["whole"], found["part"]


def back_soon(scope: Scope) -> tuple[int, int]:
    """Each visit counts those after it in a window, so that all are read once, whatever their number."""
    begins, ends = midnight(scope.first), midnight(scope.last + timedelta(days=1))
    until = ends + timedelta(days=BACK_WITHIN_DAYS)
    came = Appointment.objects.came().order_by().filter(starts_at__gte=begins, starts_at__lt=until)
    here = Q(starts_at__lt=ends)
    here &= Q() if scope.branches is None else Q(branch__in=scope.branches)
    here &= Q() if scope.doctors is None else Q(doctor__in=scope.doctors)
    rows = came.annotate(
        at_once=_from_it_on(0),
        soon=_from_it_on(BACK_WITHIN_DAYS * DAY_S),
        is_here=Case(When(here, then=1), default=0),
    )
    is_back = Q(is_here=1, soon__gt=F("at_once"))
    return counted(rows, whole=Count("pk", filter=Q(is_here=1)), part=Count("pk", filter=is_back))


def _from_it_on(seconds: int) -> Window:
    """The visits of the same patient from this one on that begin at most so many seconds later."""
    frame = ValueRange(start=0, end=seconds)
    return Window(Count("pk"), partition_by="patient", order_by=Seconds(F("starts_at")), frame=frame)


def kept_follow_ups(scope: Scope) -> tuple[int, int]:
    over = min(scope.last, timezone.localdate() - timedelta(days=FOLLOW_UP_DAYS + 1))
    due = Encounter.objects.filter(
        status=EncounterStatus.SIGNED, follow_up_on__gte=scope.first, follow_up_on__lte=over
    )
    room = timedelta(days=FOLLOW_UP_DAYS + 1)
    came_s = local_seconds("starts_at", scope.first - room, scope.last + room)
    again = Appointment.objects.filter(
        patient=OuterRef("patient"),
        status__in=CAME,
        starts_at__gt=OuterRef("appointment__starts_at"),
        ends_at__gt=OuterRef("appointment__starts_at"),  # follows from that, and has an index
    ).order_by()
    again = again.annotate(from_day_s=came_s - Seconds(OuterRef("follow_up_on")))
    again = again.filter(from_day_s__gte=-FOLLOW_UP_DAYS * DAY_S, from_day_s__lt=(FOLLOW_UP_DAYS + 1) * DAY_S)
    rows = scope.of_places(due, "appointment").annotate(is_kept=Exists(again))
    return counted(rows, whole=Count("pk"), part=Count("pk", filter=Q(is_kept=True)))


def hba1c_at_goal(scope: Scope) -> tuple[int, int]:
    given = LabResult.objects.filter(
        status__in=GIVEN, order__test__loinc=HBA1C, unit=PER_CENT, value__isnull=False
    )
    rows = scope.within(given, "released_at", "order__appointment")
    latest = rows.filter(patient=OuterRef("patient")).order_by("-released_at", "-pk").values("pk")
    last = rows.filter(pk=Subquery(latest[:1]))
    return counted(last, whole=Count("pk"), part=Count("pk", filter=Q(value__lt=HBA1C_GOAL)))
