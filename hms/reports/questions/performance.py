from django.db.models import BigIntegerField, Count, F, Max, Q, Sum, Value
from django.db.models.functions import Greatest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hms.reports import listed
from hms.reports.outcomes import DEFINITION, NONE, booked, counts
from hms.reports.periods import Seconds
from hms.reports.question import PLACES, Chart, Column, Kind, Row, minutes, question, share
from hms.reports.scope import Scope
from scheduling.querysets import AppointmentQuerySet
from scheduling.statuses import CAME
from scheduling.statuses import AppointmentStatus as Status

LONG_WAIT_S = 30 * 60
WAITED = Q(arrived_at__isnull=False, started_at__isnull=False)
CONSULTED = Q(status=Status.COMPLETED, started_at__isnull=False, ended_at__isnull=False)
WAIT = Seconds(F("started_at")) - Seconds(F("arrived_at"))
LATE = Greatest(Seconds(F("started_at")) - Seconds(F("starts_at")), Value(0), output_field=BigIntegerField())
TIMES = {
    "waited": Count("pk", filter=WAITED),
    "wait_s": Sum(WAIT, filter=WAITED),
    "longest_s": Max(WAIT, filter=WAITED),
    "late_s": Sum(LATE, filter=WAITED),
    "long_waits": Count("pk", filter=WAITED & Q(wait__gt=LONG_WAIT_S)),
}
WORK = {
    "patients": Count("patient", distinct=True, filter=Q(status__in=CAME)),
    "consulted": Count("pk", filter=CONSULTED),
    "consulted_s": Sum(Seconds(F("ended_at")) - Seconds(F("started_at")), filter=CONSULTED),
}
DOCTOR = Column("doctor", _("Doctor"), Kind.TEXT)
DEPARTMENT = Column("department", _("Department"), Kind.TEXT)
MEANING = format_lazy(
    "{} {}",
    _(
        "Patients are different ones who came. Wait: from the arrival to the beginning of the consultation. "
        "Consultation: from its beginning to its end, of completed visits."
    ),
    DEFINITION,
)
NO_TIMES = {"waited": 0, "wait_s": None, "longest_s": None, "late_s": None, "long_waits": 0}
NO_WORK = NONE | NO_TIMES | {"patients": 0, "consulted": 0, "consulted_s": None}


def columns(key: str) -> tuple[Column, ...]:
    missed, cancelled = (listed.bookings(fate, key) for fate in ("missed", "cancelled"))
    return (
        Column("patients", _("Patients"), is_drawn=True, behind=listed.patients(key)),
        Column("came", _("Visits"), is_drawn=True, behind=listed.visits(key)),
        Column("missed_share", _("No-show rate"), Kind.SHARE, behind=missed),
        Column("cancelled_share", _("Cancellation rate"), Kind.SHARE, behind=cancelled),
        Column("wait", _("Mean wait"), Kind.MINUTES),
        Column("consultation", _("Mean consultation"), Kind.MINUTES),
    )


def with_wait(scope: Scope) -> AppointmentQuerySet:
    return scope.visits().annotate(wait=WAIT)


def waited(scope: Scope) -> AppointmentQuerySet:
    return with_wait(scope).filter(WAITED)


def work(scope: Scope, group: str) -> dict:
    rows = scope.bookings().annotate(wait=WAIT).values(group).annotate(**counts(), **TIMES, **WORK)
    return {row.pop(group): row for row in rows}


def figures(row: Row) -> Row:
    return {
        "patients": row["patients"],
        "came": row["came"],
        "missed_share": share(row["missed"], row["missed"] + row["came"]),
        "cancelled_share": share(row["cancelled"], booked(row)),
        "wait": minutes(row["wait_s"], row["waited"]),
        "consultation": minutes(row["consulted_s"], row["consulted"]),
    }


@question(
    "doctors",
    title=_("Work of each doctor"),
    definition=MEANING,
    permission="reports.view_performance",
    columns=(DOCTOR, DEPARTMENT, *columns("doctor"), Column("rating", _("Rating now"), Kind.NUMBER)),
    filters=PLACES,
    chart=Chart.BARS,
    has_total=False,
)
def doctors(scope: Scope) -> list[Row]:
    found = work(scope, "doctor")
    return [
        {"doctor": one.full_name, "department": one.department.name, "rating": one.rating, "key": one.pk}
        | figures(found.get(one.pk, NO_WORK))
        for one in scope.listed_doctors()
        if one.is_active or one.pk in found
    ]


@question(
    "departments",
    title=_("Work of each department"),
    definition=MEANING,
    permission="reports.view_performance",
    columns=(DEPARTMENT, *columns("doctor__department")),
    filters=PLACES,
    chart=Chart.BARS,
    has_total=False,
)
def departments(scope: Scope) -> list[Row]:
    found = work(scope, "doctor__department")
    return [
        {"department": one.name, "key": one.pk} | figures(found.get(one.pk, NO_WORK))
        for one in scope.listed_departments()
        if one.is_active or one.pk in found
    ]


@question(
    "waiting",
    title=_("Waiting and lateness"),
    definition=_(
        "Wait: from the arrival to the beginning of the consultation. Late: how long after its time the "
        "consultation began; earlier is not late. Of visits for which both moments were entered."
    ),
    permission="reports.view_performance",
    columns=(
        *(DOCTOR, DEPARTMENT),
        Column("waited", _("Visits"), behind=listed.visits("doctor", waited)),
        Column("wait", _("Mean wait"), Kind.MINUTES, is_drawn=True),
        Column(
            "long_waits",
            _("Waited over 30 min"),
            behind=listed.visits("doctor", waited, wait__gt=LONG_WAIT_S),
        ),
        Column("longest", _("Longest wait"), Kind.MINUTES),
        Column("late", _("Mean lateness"), Kind.MINUTES, is_drawn=True),
    ),
    filters=PLACES,
    chart=Chart.BARS,
)
def waiting(scope: Scope) -> list[Row]:
    rows = with_wait(scope).values("doctor").annotate(**TIMES)
    found = {row.pop("doctor"): row for row in rows}
    listed = [
        (one, found.get(one.pk, NO_TIMES))
        for one in scope.listed_doctors()
        if one.is_active or one.pk in found
    ]
    return [
        {
            "doctor": one.full_name,
            "department": one.department.name,
            "key": one.pk,
            "waited": row["waited"],
            "wait": minutes(row["wait_s"], row["waited"]),
            "long_waits": row["long_waits"],
            "longest": None if row["longest_s"] is None else row["longest_s"] // 60,
            "late": minutes(row["late_s"], row["waited"]),
        }
        for one, row in listed
    ]
