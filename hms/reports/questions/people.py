from collections import Counter, defaultdict
from datetime import date, timedelta

from django.db.models import BigIntegerField, Case, Count, F, Min, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import Gender, Patient
from accounts.names import name_key
from hms.core.days import midnight
from hms.reports import listed
from hms.reports.periods import number_of, period_of
from hms.reports.question import IN_TIME, PLACES, Chart, Column, Kind, Row, first_with_ties, question
from hms.reports.scope import Scope
from scheduling.models import Appointment

FEW_DAYS = timedelta(days=100)
OLDER_FROM = (5, 15, 25, 35, 45, 55, 65, 75)
PATIENTS = Count("patient", distinct=True)


def first_visits(scope: Scope) -> QuerySet:
    """The patients who came for the first time ever, with its moment, of visits within the scope.

    All visits are grouped once, along an index; of a few days only those of their patients.
    """
    begins, ends = midnight(scope.first), midnight(scope.last + timedelta(days=1))
    came = Appointment.objects.came().order_by()
    if scope.doctors is not None or ends - begins < FEW_DAYS:
        came = came.filter(patient__in=scope.visits().values("patient"))
    groups = came.values("patient").annotate(first=Min("starts_at"))
    groups = groups.filter(first__gte=begins, first__lt=ends)
    if scope.branches is not None or scope.doctors is not None:
        here = Q() if scope.branches is None else Q(branch__in=scope.branches)
        here &= Q() if scope.doctors is None else Q(doctor__in=scope.doctors)
        groups = groups.annotate(first_here=Min("starts_at", filter=here)).filter(first_here=F("first"))
    return groups


def later_visits(scope: Scope) -> QuerySet:
    """Visits of those who had come before."""
    return scope.visits().exclude(patient__in=first_visits(scope).values("patient"))


@question(
    "new-patients",
    title=_("New and returning patients"),
    definition=_(
        "Of the patients who came in a period, those are new whose very first visit to the hospital is one "
        "of the visits that are counted; the others are returning."
    ),
    permission="reports.view_visits",
    columns=(
        Column("period", _("From"), Kind.TEXT),
        Column("new", _("New"), is_drawn=True, behind=listed.patients(rows=first_visits)),
        Column("returning", _("Returning"), is_drawn=True, behind=listed.patients(rows=later_visits)),
        Column("patients", _("Patients"), behind=listed.patients()),
    ),
    filters=IN_TIME,
    chart=Chart.STACKED,
    has_total=False,
)
def new_patients(scope: Scope) -> list[Row]:
    number = period_of("first", scope.step, scope.first, scope.last)
    new = Counter(first_visits(scope).annotate(number=number).values_list("number", flat=True))
    rows = scope.by_period(scope.visits(), "starts_at", {"patients": 0}, patients=PATIENTS)
    numbers = [number_of(first, scope.step) for first in scope.step.periods(scope.first, scope.last)]
    return [
        row | {"new": new[number], "returning": row["patients"] - new[number]}
        for row, number in zip(rows, numbers, strict=True)
    ]


def line_of(born: str, scope: Scope) -> Case:
    """The number of the line of an age; `born` is the path to the date of birth."""
    younger = [
        When(**{f"{born}__gt": born_until(years, scope.last)}, then=Value(line))
        for line, years in enumerate(OLDER_FROM)
    ]
    return Case(*younger, default=Value(len(OLDER_FROM)), output_field=BigIntegerField())


def by_line(scope: Scope) -> QuerySet:
    """Visits with the number of the line of their patients' age."""
    return scope.visits().annotate(line=line_of("patient__date_of_birth", scope))


def patients_of(scope: Scope) -> QuerySet:
    """Who came; found once each, before anything is read of them. For counts, which name nobody."""
    return Patient.objects.order_by().filter(pk__in=scope.visits().values("patient"))


@question(
    "patients-by-age",
    title=_("Patients by age and sex"),
    definition=_("Different patients who came, by their age on the last of the days."),
    permission="reports.view_visits",
    columns=(
        Column("age", _("Years"), Kind.TEXT),
        *(
            Column(
                one.value,
                one.label,
                is_drawn=True,
                behind=listed.patients("line", by_line, patient__gender=one),
            )
            for one in Gender
        ),
        Column("patients", _("Patients"), behind=listed.patients("line", by_line)),
    ),
    filters=PLACES,
    chart=Chart.STACKED,
)
def by_age(scope: Scope) -> list[Row]:
    counted = patients_of(scope).annotate(line=line_of("date_of_birth", scope)).values_list("line", "gender")
    found = {(line, gender): patients for line, gender, patients in counted.annotate(patients=Count("pk"))}
    begins = (0, *OLDER_FROM)
    return [
        {"age": f"{begin}–{end - 1}" if end else f"{begin}+", "key": line}  # noqa: RUF001 - a range
        | {gender: found.get((line, gender), 0) for gender in Gender.values}
        | {"patients": sum(found.get((line, gender), 0) for gender in Gender.values)}
        for line, (begin, end) in enumerate(zip(begins, (*OLDER_FROM, None), strict=True))
    ]


def born_until(years: int, day: date) -> date:
    """The last birth date of people who are so many years old on the day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return date(day.year - years, 2, 28)


def in_district(key: str) -> Q:
    """Compared here, and so alike on every database."""
    written = Patient.objects.order_by().values_list("county", flat=True).distinct()
    return Q(patient__county__in=[county for county in written if name_key(county) == key])


@question(
    "patients-by-district",
    title=_("Patients by district"),
    definition=_(
        "Different patients who came, by the district of their address as it stands now, however it is "
        "written; all districts with as many patients as the last one that is shown."
    ),
    permission="reports.view_visits",
    columns=(
        Column("district", _("District"), Kind.TEXT),
        Column("patients", _("Patients"), is_drawn=True, behind=listed.patients(in_district)),
    ),
    filters=(*PLACES, "top"),
    chart=Chart.BARS,
    has_total=False,  # of the districts that are shown, which would pass for all
)
def by_district(scope: Scope) -> list[Row]:
    written: dict[str, dict[str, int]] = defaultdict(dict)
    counted = patients_of(scope).values_list("county").annotate(patients=Count("pk"))
    for county, patients in counted:
        written[name_key(county)][county] = patients
    rows = [
        {
            "district": max(forms, key=forms.get) or str(_("Not entered")),
            "key": key,
            "patients": sum(forms.values()),
        }
        for key, forms in written.items()
    ]
    return first_with_ties(rows, "patients", scope.top, "district")
