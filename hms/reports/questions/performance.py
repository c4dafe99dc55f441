from collections import defaultdict
from collections.abc import Iterator
from operator import add

from django.db.models import BigIntegerField, Case, Count, F, Max, Q, Sum, Value, When
from django.db.models.functions import Greatest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hms.reports import listed
from hms.reports.outcomes import DEFINITION, NONE, booked, fate
from hms.reports.parts import Figure, part
from hms.reports.periods import Seconds
from hms.reports.question import PLACES, Chart, Column, Kind, Row, minutes, question, share
from hms.reports.questions.patients import patients_by
from hms.reports.scope import Scope
from scheduling.models import Doctor
from scheduling.querysets import AppointmentQuerySet
from scheduling.statuses import CAME
from scheduling.statuses import AppointmentStatus as Status

LONG_WAIT_S = 30 * 60
WAIT = Seconds(F("started_at")) - Seconds(F("arrived_at"))
WAITED = Q(arrived_at__isnull=False)
LATE = Greatest(Seconds(F("started_at")) - Seconds(F("starts_at")), Value(0), output_field=BigIntegerField())
CONSULTED = Q(status=Status.COMPLETED, ended_at__isnull=False)
# Of visits that have begun.
TIMES = {
    "waited": Count("arrived_at"),
    "wait_s": Sum(WAIT),
    "longest_s": Max(WAIT),
    "late_s": Sum(LATE, filter=WAITED),
    "long_waits": Count("pk", filter=Q(wait__gt=LONG_WAIT_S)),
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
    return with_wait(scope).filter(WAITED, started_at__isnull=False)


def longer(one: int | None, other: int | None) -> int | None:
    return max(one, other) if one is not None and other is not None else one if other is None else other


@part("work", merged=(add,))
def fates_of_doctors(scope: Scope) -> Iterator[Figure]:
    """Bookings by branch, doctor and what became of them."""
    groups = scope.bookings().annotate(fate=fate()).values_list("branch", "doctor", "fate")
    for *key, number in groups.annotate(number=Count("pk")):
        yield tuple(key), [number]


@part("times", merged=(add, add, longer, add, add, add, add))
def times_of_doctors(scope: Scope) -> Iterator[Figure]:
    """Waiting and consulting by branch, doctor and whether the patient came: a no-show may have begun."""
    begun = scope.bookings().filter(started_at__isnull=False)
    came = Case(When(status__in=CAME, then=1), default=0, output_field=BigIntegerField())
    groups = begun.annotate(wait=WAIT, came=came).values_list("branch", "doctor", "came")
    for branch, doctor, is_visit, waited, wait, longest, late, *others, consulted in groups.annotate(**TIMES):
        yield (
            (branch, doctor, is_visit),
            [waited, wait or 0, longest, late or 0, *others, consulted or 0],
        )


def times(scope: Scope, groups: dict[int, int], *, only_visits: bool) -> dict[int, Row]:
    found: dict[int, Row] = {}
    for (_branch, doctor, is_visit), numbers in times_of_doctors.figures(scope).items():
        if is_visit or not only_visits:
            row = found.setdefault(groups[doctor], dict.fromkeys(TIMES, 0) | {"longest_s": None})
            for name, number in zip(TIMES, numbers, strict=True):
                row[name] = longer(row[name], number) if name == "longest_s" else row[name] + number
    return found


def work(scope: Scope, groups: dict[int, int], group: str) -> dict[int, Row]:
    """By group of doctors: what became of bookings, different patients, and times."""
    found: dict[int, Row] = defaultdict(lambda: dict(NO_WORK))
    for (_branch, doctor, name), [number] in fates_of_doctors.figures(scope).items():
        found[groups[doctor]][name] += number
    for key, patients, _visits in patients_by(scope, group):
        found[key]["patients"] = patients
    for key, row in times(scope, groups, only_visits=False).items():
        found[key] |= row
    return found


def all_doctors() -> dict[int, int]:
    """The keys of their departments."""
    return dict(Doctor.objects.order_by().values_list("pk", "department"))


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
    found = work(scope, {one: one for one in all_doctors()}, "doctor")
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
    found = work(scope, all_doctors(), "department")
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
    found = times(scope, {one: one for one in all_doctors()}, only_visits=True)
    came = {doctor for _branch, doctor, fate in fates_of_doctors.figures(scope) if fate == "came"}
    listed = [
        (one, found.get(one.pk, NO_TIMES))
        for one in scope.listed_doctors()
        if one.is_active or one.pk in came
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
