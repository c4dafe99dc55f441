from collections import defaultdict
from datetime import date

from django.db.models import BigIntegerField, Case, Count, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import Gender
from accounts.names import name_key
from hms.reports.question import IN_TIME, PLACES, Chart, Column, Kind, Row, first_with_ties, question
from hms.reports.scope import Scope
from scheduling.models import Appointment
from scheduling.statuses import CAME

OLDER_FROM = (5, 15, 25, 35, 45, 55, 65, 75)
PATIENTS = Count("patient", distinct=True)


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
        Column("new", _("New"), is_drawn=True),
        Column("returning", _("Returning"), is_drawn=True),
        Column("patients", _("Patients")),
    ),
    filters=IN_TIME,
    chart=Chart.STACKED,
    has_total=False,
)
def new_patients(scope: Scope) -> list[Row]:
    earlier = Appointment.objects.filter(
        patient=OuterRef("patient"), status__in=CAME, starts_at__lt=OuterRef("starts_at")
    )
    visits = scope.visits().annotate(came_before=Exists(earlier.order_by()))
    new = Count("patient", distinct=True, filter=Q(came_before=False))
    rows = scope.by_period(visits, "starts_at", {"patients": 0, "new": 0}, patients=PATIENTS, new=new)
    return [row | {"returning": row["patients"] - row["new"]} for row in rows]


@question(
    "patients-by-age",
    title=_("Patients by age and sex"),
    definition=_("Different patients who came, by their age on the last of the days."),
    permission="reports.view_visits",
    columns=(
        Column("age", _("Years"), Kind.TEXT),
        *(Column(one.value, one.label, is_drawn=True) for one in Gender),
        Column("patients", _("Patients")),
    ),
    filters=PLACES,
    chart=Chart.STACKED,
)
def by_age(scope: Scope) -> list[Row]:
    younger = [
        When(patient__date_of_birth__gt=born_until(years, scope.last), then=Value(line))
        for line, years in enumerate(OLDER_FROM)
    ]
    line = Case(*younger, default=Value(len(OLDER_FROM)), output_field=BigIntegerField())
    counted = scope.visits().annotate(line=line).values_list("line", "patient__gender")
    found = {(line, gender): patients for line, gender, patients in counted.annotate(patients=PATIENTS)}
    begins = (0, *OLDER_FROM)
    return [
        {"age": f"{begin}–{end - 1}" if end else f"{begin}+"}  # noqa: RUF001 - a range
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
        Column("patients", _("Patients"), is_drawn=True),
    ),
    filters=(*PLACES, "top"),
    chart=Chart.BARS,
)
def by_district(scope: Scope) -> list[Row]:
    written: dict[str, dict[str, int]] = defaultdict(dict)
    counted = scope.visits().values_list("patient__county").annotate(patients=PATIENTS)
    for county, patients in counted:
        written[name_key(county)][county] = patients
    rows = [
        {"district": max(forms, key=forms.get) or str(_("Not entered")), "patients": sum(forms.values())}
        for forms in written.values()
    ]
    return first_with_ties(rows, "patients", scope.top, "district")
