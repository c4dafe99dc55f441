"""Prescriptions and current medicines that fit a diagnosis, for patients of the doctor with a login."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from accounts.models import Patient, User
from accounts.models.patient import Gender
from clinical.exceptions import FindingsUnresolved
from clinical.models import Prescription
from clinical.services import record_current_medicine, sign_prescription, write_prescription
from clinical.services.prescription_lines import line_from, meant
from hms.demo.chance import Chance
from scheduling.access import own_visits
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus, VisitMode

MOST_PATIENTS = 20
BEGUN = (AppointmentStatus.IN_CONSULTATION, AppointmentStatus.COMPLETED)
TAKES_SOMETHING = 0.4


@dataclass(frozen=True)
class Regimen:
    """What is prescribed for a diagnosis, and what patients who have had it for long take already."""

    lines: tuple[str, ...]
    takes: str = ""
    ages: range = range(18, 120)


# By ICD-10 code, so that visits with a diagnosis get the medicines that belong to it.
REGIMENS = {
    "E11.9": Regimen(("metformin 500 1-0-1 30 days after food", "glimepiride 1 1-0-0 30 days before food"),
                     "metformin 500", range(35, 90)),
    "I10": Regimen(("telmisartan 40 1-0-0 30 days", "amlodipine 5 0-0-1 30 days"), "telmisartan 40",
                   range(35, 95)),
    "K21.9": Regimen(("pantoprazole 40 1-0-0 14 days before breakfast",)),
    "J06.9": Regimen(("dolo 650 sos max 3/day 3 days after food", "cetirizine 10 0-0-1 5 days")),
    "M54.5": Regimen(("paracetamol 500 1-1-1 5 days after food",)),
    "J45.9": Regimen(("budesonide inhaler 1-0-1 30 days rinse the mouth", "salbutamol inhaler 2 puffs sos"),
                     "salbutamol inhaler", range(12, 80)),
    "L20.9": Regimen(("cetirizine 10 0-0-1 10 days",), ages=range(12, 80)),
    "E03.9": Regimen(("levothyroxine 50 1-0-0 30 days before breakfast",), "levothyroxine 50"),
    "A09": Regimen(("ors as needed 3 days", "zinc sulfate 20 1-0-0 14 days"), ages=range(6, 90)),
    "J02.9": Regimen(("syp paracetamol 250 5 ml q6h 3 days",), ages=range(3, 12)),
}  # fmt: skip


def prescribe_for_patients(doctor: User, chance: Chance) -> None:
    """Write and sign prescriptions at the latest visits of some patients, today's first."""
    for number, visit in enumerate(_latest_visits(doctor)):
        code = chance.choice(_fitting(visit.patient))
        if number % 3 == 0 or chance.happens(TAKES_SOMETHING):
            note_what_the_patient_takes(visit.patient, code, by=doctor)
        prescribe(visit, code, by=doctor)


def prescribe(visit: Appointment, code: str, *, by: User) -> Prescription:
    """The prescription of the visit for the diagnosis, signed; a finding of the check gets a reason."""
    draft = write_prescription(
        appointment=visit,
        items=[line_from(line) for line in REGIMENS[code].lines],
        weight_kg=_weight_of(visit.patient),
        by=by,
    )
    try:
        return sign_prescription(prescription=draft, by=by)
    except FindingsUnresolved as refused:
        reasons = dict.fromkeys((each.key for each in refused.findings), "Discussed with the patient")
        return sign_prescription(prescription=draft, overrides=reasons, by=by)


def note_what_the_patient_takes(patient: Patient, code: str, *, by: User) -> None:
    if takes := REGIMENS[code].takes:
        medicine = meant(takes)["medicine"]
        record_current_medicine(patient=patient, medicine=medicine, dosage="1-0-0", source="elsewhere", by=by)


def _latest_visits(doctor: User) -> list[Appointment]:
    """One visit of each patient, the latest; by video not all medicines may be prescribed."""
    visits = (
        own_visits(doctor)
        .filter(status__in=BEGUN, mode=VisitMode.IN_PERSON)
        .exclude(patient__gender=Gender.UNKNOWN)
    )
    latest: dict[int, Appointment] = {}
    for visit in visits.select_related("patient", "doctor").order_by("-starts_at")[: MOST_PATIENTS * 3]:
        latest.setdefault(visit.patient_id, visit)
    return list(latest.values())[:MOST_PATIENTS]


def _fitting(patient: Patient) -> list[str]:
    age = patient.age_on(timezone.localdate())
    return [code for code, regimen in REGIMENS.items() if age in regimen.ages] or ["J02.9"]


def _weight_of(patient: Patient) -> Decimal:
    """A weight that fits the age."""
    return Decimal(min(8 + 3 * patient.age_on(timezone.localdate()), 68))
