from collections.abc import Iterable

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from hms.reports import listed
from hms.reports.question import IN_TIME, PLACES, Chart, Column, Kind, Row, question
from hms.reports.scope import Scope
from scheduling.models import Doctor

COUNTS = {"patients": Count("patient", distinct=True), "visits": Count("pk")}
DEPARTMENT = Doctor.objects.filter(pk=OuterRef("doctor")).order_by().values("department")
NONE = {"patients": 0, "visits": 0}


def seen(key: str = "") -> tuple[Column, Column]:
    return (
        Column("patients", _("Patients"), is_drawn=True, behind=listed.patients(key)),
        Column("visits", _("Visits"), is_drawn=True, behind=listed.visits(key)),
    )


def patients_by(scope: Scope, group: str) -> Iterable[tuple[int, int, int]]:
    """Doctors or departments with their patients and visits.

    With a join, MariaDB begins at the departments and reads the visits of each, row by row.
    """
    rows = scope.visits().annotate(department=Subquery(DEPARTMENT))
    return rows.values_list(group).annotate(**COUNTS)


def counted(scope: Scope, group: str) -> dict[int, Row]:
    return {key: {"patients": some, "visits": all_} for key, some, all_ in patients_by(scope, group)}


@question(
    "patients",
    title=_("Patients by day, week, month or year"),
    definition=_(
        "Visits count on the day of the appointment if the patient came: arrived, in consultation or "
        "completed. A patient who comes twice in a period is one patient and two visits."
    ),
    permission="reports.view_visits",
    columns=(Column("period", _("From"), Kind.TEXT), *seen()),
    filters=IN_TIME,
    chart=Chart.LINES,
    has_total=False,
)
def patients(scope: Scope) -> list[Row]:
    return scope.by_period(scope.visits(), "starts_at", NONE, **COUNTS)


@question(
    "patients-per-doctor",
    title=_("Patients per doctor"),
    definition=_(
        "Different patients who came to the doctor, and their visits. A patient of two doctors counts with "
        "both. Doctors who cannot be booked any more are listed if they had visits."
    ),
    permission="reports.view_visits",
    columns=(
        Column("doctor", _("Doctor"), Kind.TEXT),
        Column("department", _("Department"), Kind.TEXT),
        *seen("doctor"),
    ),
    filters=PLACES,
    chart=Chart.BARS,
    has_total=False,
)
def per_doctor(scope: Scope) -> list[Row]:
    found = counted(scope, "doctor")
    return [
        {
            "doctor": doctor.full_name,
            "department": doctor.department.name,
            "key": doctor.pk,
        }
        | found.get(doctor.pk, NONE)
        for doctor in scope.listed_doctors()
        if doctor.is_active or doctor.pk in found
    ]


@question(
    "patients-per-department",
    title=_("Patients per department"),
    definition=_(
        "Different patients who came to a doctor of the department, and their visits. Doctors count with the "
        "department to which they belong now."
    ),
    permission="reports.view_visits",
    columns=(Column("department", _("Department"), Kind.TEXT), *seen("doctor__department")),
    filters=PLACES,
    chart=Chart.BARS,
    has_total=False,
)
def per_department(scope: Scope) -> list[Row]:
    found = counted(scope, "department")
    return [
        {"department": department.name, "key": department.pk} | found.get(department.pk, NONE)
        for department in scope.listed_departments()
        if department.is_active or department.pk in found
    ]
