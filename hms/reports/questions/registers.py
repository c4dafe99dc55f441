"""Registers and returns that laws and programmes demand.

A register names patients, so it begins with the rows that the person may see; a count names nobody.
"""

from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.ages import age_in_words
from accounts.models import Patient
from accounts.models.patient import Gender
from clinical.models import NotifiableDisease
from clinical.services.h1_register import h1_register
from clinical.services.notifiable import means, notifiable_cases
from hms.reports.question import PLACES, Column, Kind, Row, question
from hms.reports.questions.clinical import diagnosed
from hms.reports.scope import Scope
from scheduling.models import Appointment
from scheduling.statuses import CAME

MOST_DAYS = 31
HOSPITAL = ("name", "address")
GENDERS = {"women": Gender.FEMALE, "men": Gender.MALE}
OTHERS = [one for one in Gender.values if one not in GENDERS.values()]


def texts(*columns: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, label, Kind.TEXT) for name, label in columns)


WHO = texts(
    ("patient", _("Patient")),
    ("mrn", _("MRN")),
    ("age", _("Age")),
    ("gender", _("Gender")),
    ("address", _("Address")),
)


def who(patient: Patient, day) -> Row:
    return {
        "patient": patient.full_name,
        "mrn": patient.mrn,
        "age": age_in_words(patient.date_of_birth, day),
        "gender": patient.get_gender_display(),
        "address": ", ".join(patient.address_lines),
    }


def when(moment) -> str:
    return date_format(timezone.localtime(moment), "j M Y, g:i A")


@question(
    "outpatient-register",
    title=_("Outpatient register"),
    definition=_(
        "Patients who came, by the time of their appointment, among those whom you may see. New: the first "
        "visit to this hospital."
    ),
    permission="scheduling.view_every_appointment",
    columns=(
        *texts(("at", _("Time")), ("token", _("Token"))),
        *WHO,
        *texts(("doctor", _("Doctor")), ("department", _("Department")), ("visit", _("Visit"))),
    ),
    filters=PLACES,
    has_total=False,
    most_days=MOST_DAYS,
    days_shown=1,
)
def outpatient_register(scope: Scope) -> list[Row]:
    seen = scope.within(Appointment.objects.visible_to(scope.by).filter(status__in=CAME), "starts_at")
    visits = list(seen.select_related("patient", "doctor__department").order_by("starts_at", "pk"))
    came = Appointment.objects.filter(status__in=CAME, patient__in=scope.visits().values("patient"))
    first = dict(came.order_by().values_list("patient").annotate(Min("starts_at")))
    return [
        {
            "at": when(visit.starts_at),
            "token": visit.token,
            "doctor": visit.doctor.full_name,
            "department": visit.doctor.department.name,
            "visit": _now("New") if first[visit.patient_id] == visit.starts_at else _now("Return"),
        }
        | who(visit.patient, timezone.localdate(visit.starts_at))
        for visit in visits
    ]


@question(
    "notifiable-diseases",
    title=_("Register of notifiable diseases"),
    definition=_(
        "Diagnoses with a code of the hospital's list of notifiable diseases in signed visit records, also "
        "provisional ones, by the time of the visit: those in records that you may read. The counts have all."
    ),
    permission="clinical.view_diagnosis",
    columns=(
        *texts(("at", _("Visit")), ("disease", _("Disease")), ("diagnosis", _("Diagnosis"))),
        *WHO,
        *texts(("phone", _("Phone")), ("doctor", _("Doctor")), ("demanded_by", _("Demanded by"))),
    ),
    is_own=False,
    has_total=False,
    most_days=MOST_DAYS * 12,
)
def notifiable_register(scope: Scope) -> list[Row]:
    return [
        {
            "at": when(case.visit.starts_at),
            "disease": ", ".join(disease.name for disease in case.diseases),
            "diagnosis": _title(case.diagnosis),
            "phone": case.diagnosis.patient.phone.as_international if case.diagnosis.patient.phone else "",
            "doctor": case.visit.doctor.full_name,
            "demanded_by": "; ".join(dict.fromkeys(disease.source for disease in case.diseases)),
        }
        | who(case.diagnosis.patient, timezone.localdate(case.visit.starts_at))
        for case in notifiable_cases(first=scope.first, last=scope.last, by=scope.by)
    ]


@question(
    "notifiable-counts",
    title=_("Counts of notifiable diseases"),
    definition=_(
        "Different patients with the disease in signed visit records, also as a provisional diagnosis, by "
        "the day of the visit. Nobody is named, so small counts are shown."
    ),
    not_listed=_("Who has the disease is in its register, for those who may read the records."),
    permission="reports.view_clinical",
    columns=(
        *texts(("disease", _("Disease")), ("codes", _("ICD-10 codes")), ("demanded_by", _("Demanded by"))),
        Column("patients", _("Patients"), is_drawn=True),
    ),
    is_own=False,
    has_total=False,
)
def notifiable_counts(scope: Scope) -> list[Row]:
    diseases = NotifiableDisease.objects.filter(is_active=True)
    patients: dict = {one: set() for one in diseases}
    for (_branch, _doctor, code, _key), (_title, _times, ill) in diagnosed.figures(scope).items():
        for one in patients:
            if means(one, code):
                patients[one] |= ill
    return [
        {"disease": one.name, "codes": one.codes, "demanded_by": one.source, "patients": len(ill)}
        for one, ill in patients.items()
    ]


@question(
    "schedule-h1",
    title=_("Register of Schedule H1"),
    definition=_(
        "Medicines of Schedule H1 that were handed out (Drugs Rules 1945, rule 65: kept for three years). "
        "Prescriptions that only the treating doctor may read are not listed."
    ),
    permission="clinical.view_h1_register",
    columns=texts(
        ("at", _("Handed out")),
        ("by", _("By")),
        ("prescriber", _("Prescriber")),
        ("patient", _("Patient")),
        ("address", _("Address")),
        ("medicine", _("Medicine")),
        ("quantity", _("Quantity")),
        ("prescription", _("Prescription")),
        ("withdrawn", _("Withdrawn since")),
    ),
    is_own=False,
    has_total=False,
    most_days=MOST_DAYS * 12,
)
def schedule_h1(scope: Scope) -> list[Row]:
    return [
        {
            "at": when(entry.supplied_at),
            "by": entry.supplied_by,
            "prescriber": ", ".join(
                [entry.doctor["name"], entry.doctor["registration"], *map(entry.hospital.get, HOSPITAL)]
            ),
            "patient": f"{entry.patient['name']} ({entry.patient['mrn']})",
            "address": entry.address or _now("no address on record"),
            "medicine": f"{entry.medicine} [{entry.brand}]" if entry.brand else entry.medicine,
            "quantity": entry.quantity or _now("not stated"),
            "prescription": entry.prescription,
            "withdrawn": _now("Yes") if entry.is_withdrawn else "",
        }
        for entry in h1_register(first=scope.first, last=scope.last, by=scope.by)
    ]


def _title(diagnosis) -> str:
    return f"{diagnosis}, {_now('provisional')}" if diagnosis.is_provisional else str(diagnosis)
