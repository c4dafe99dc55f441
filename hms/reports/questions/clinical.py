from collections import defaultdict
from collections.abc import Iterator
from operator import add

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Patient
from clinical.models import Diagnosis, LabOrder
from clinical.statuses import LabOrderStatus
from clinical.statuses.encounters import EncounterStatus
from hms.core.folded import fold
from hms.reports.parts import Figure, part, union
from hms.reports.question import (
    LEAST_PATIENTS,
    PLACES,
    Chart,
    Column,
    Kind,
    Row,
    first_with_ties,
    question,
)
from hms.reports.scope import Scope

MOST_TIED = 500
TOP = (*PLACES, "top")
PATIENTS = Column("patients", _("Patients"), is_drawn=True)
WHO_HAS_IT = _("Who is behind them is in the records, for those who may read each.")


def orders(scope: Scope) -> QuerySet:
    rows = LabOrder.objects.exclude(status=LabOrderStatus.CANCELLED)
    return scope.within(rows, "recorded_at", "appointment")


def most_frequent(rows: list[Row], top: int) -> list[Row]:
    """By patients; what concerns few of them is one line, because it would tell too much about each."""
    few = [row for row in rows if row["patients"] < LEAST_PATIENTS]
    many = [row for row in rows if row["patients"] >= LEAST_PATIENTS]
    shown = first_with_ties(many, "patients", top, "name")
    if few:
        words = _now("%(kinds)d with fewer than %(least)d patients each")
        name = words % {"kinds": len(few), "least": LEAST_PATIENTS}
        shown.append({"name": name, "code": "", "patients": None, "times": sum(row["times"] for row in few)})
    return shown


@part("diagnoses", merged=(max, add, union), by_doctor=False)
def diagnosed(scope: Scope) -> Iterator[Figure]:
    """Names, times and patients by branch and diagnosis; uncoded ones are alike on every database."""
    signed = Diagnosis.objects.filter(encounter__status=EncounterStatus.SIGNED)
    rows = scope.within(signed, "encounter__appointment__starts_at", "encounter__appointment")
    found: dict[tuple, list] = {}
    for branch, code, title, patient in rows.values_list(
        "encounter__appointment__branch", "code", "title", "patient"
    ).iterator():
        row = found.setdefault((branch, code, "" if code else fold(title)), [title, 0, set()])
        row[0] = max(row[0], title)
        row[1] += 1
        row[2].add(patient)
    for (branch, *key), values in found.items():
        yield (branch, None, *key), values


@question(
    "diagnoses",
    title=_("Most frequent diagnoses"),
    definition=_(
        "Diagnoses of signed visit records, by the day of the visit. The same code is one diagnosis; those "
        "without a code are told apart by their words. What fewer than 5 patients have is not shown one by "
        "one."
    ),
    not_listed=WHO_HAS_IT,
    permission="reports.view_clinical",
    columns=(
        Column("name", _("Diagnosis"), Kind.TEXT),
        Column("code", _("ICD-10 code"), Kind.TEXT),
        PATIENTS,
        Column("times", _("Times recorded")),
    ),
    filters=TOP,
    chart=Chart.BARS,
    has_total=False,
)
def diagnoses(scope: Scope) -> list[Row]:
    found: dict = defaultdict(lambda: ["", 0, set()])
    for (_branch, _doctor, code, key), (title, times, patients) in diagnosed.figures(scope).items():
        row = found[code, key]
        row[:2] = max(row[0], title), row[1] + times
        row[2] |= patients
    rows = [
        {"name": name, "code": code, "patients": len(patients), "times": times}
        for (code, _key), (name, times, patients) in found.items()
    ]
    return most_frequent(rows, scope.top)


@question(
    "tests",
    title=_("Most frequent tests"),
    definition=_(
        "Tests by the day on which they were ordered, without cancelled ones. What fewer than 5 patients "
        "have is not shown one by one."
    ),
    not_listed=WHO_HAS_IT,
    permission="reports.view_laboratory",
    columns=(
        Column("name", _("Test"), Kind.TEXT),
        PATIENTS,
        Column("times", _("Times ordered")),
    ),
    filters=TOP,
    chart=Chart.BARS,
    has_total=False,
)
def tests(scope: Scope) -> list[Row]:
    groups = orders(scope).annotate(name=F("test__name")).values("test", "name")
    counted = groups.annotate(patients=Count("patient", distinct=True), times=Count("pk"))
    return most_frequent(list(counted), scope.top)


@question(
    "most-diagnostics",
    title=_("Patients with the most diagnostics"),
    definition=_(
        "Patients by the number of tests that were ordered for them in these days, without cancelled ones. "
        "All with as many as the last one are shown, up to 500. The name and number of a patient are shown "
        "to those who may see the patient."
    ),
    not_listed=WHO_HAS_IT,
    permission="reports.view_clinical",
    columns=(
        Column("patient", _("Patient"), Kind.TEXT),
        Column("mrn", _("Patient number (MRN)"), Kind.TEXT),
        Column("tests", _("Tests"), is_drawn=True),
        Column("visits", _("Visits with tests")),
    ),
    filters=TOP,
    chart=Chart.BARS,
    has_total=False,
)
def most_diagnostics(scope: Scope) -> list[Row]:
    counted = (
        orders(scope)
        .values("patient")
        .annotate(tests=Count("pk"), visits=Count("appointment", distinct=True))
        .order_by("-tests", "patient")
    )
    least = list(counted[scope.top - 1 : scope.top])
    rows = list(counted.filter(tests__gte=least[0]["tests"])[:MOST_TIED] if least else counted)
    keys = [row["patient"] for row in rows]
    known = Patient.objects.visible_to(scope.by).in_bulk(keys)
    unknown = Patient(full_name=_now("Not shown to you"), mrn="")
    return [
        row | {"patient": one.full_name, "mrn": one.mrn}
        for row in rows
        for one in [known.get(row["patient"], unknown)]
    ]
