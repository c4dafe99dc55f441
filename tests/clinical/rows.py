"""Rows for the clinical tests: a doctor with a login, and a patient with an appointment."""

from datetime import timedelta

from accounts.models import Patient
from clinical.models import Allergy, DocumentCode, Encounter, Review
from clinical.services import (
    DiagnosisLine,
    finish_visit,
    moderate_review,
    open_encounter,
    record_no_known_allergies,
    save_draft,
    write_review,
)
from scheduling.models import Appointment, Doctor
from scheduling.services import book_appointment
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours, staff

PENICILLIN = {"substance": "Penicillin", "category": "medicine", "criticality": "high", "reaction": "Rash"}
REFERRAL = {"kind": "referral", "text": "Dear colleague,\nplease see this patient."}
PEANUTS = {"substance": "Peanuts", "category": "food", "criticality": "low"}
DIABETES = {"title": "Diabetes", "kind": "condition", "said_by": "patient", "code": "E11", "since": "2016"}

TEXTS = {
    "complaint": "Sore throat for three days",
    "history": "",
    "examination": "Red throat, no exudate",
    "assessment": "Viral",
    "plan": "",
    "advice": "Drink warm fluids",
    "private_note": "Worried about work",
    "follow_up_on": None,
}


def doctor_at_work() -> Doctor:
    return doctor_with_hours(user=staff("doctor"))


def patient_of(doctor: Doctor, **fields) -> Patient:
    """A patient who has an appointment with the doctor."""
    patient = PatientFactory(**fields)
    visits = doctor.appointments.count()
    time = at(9 + visits // 2, visits % 2 * 30)
    book_appointment(patient=patient, doctor=doctor, starts_at=time, by=staff("receptionist"))
    return patient


def visit_today(doctor: Doctor, patient: Patient | None = None, **fields) -> Appointment:
    """A patient who waits for the doctor today, at noon."""
    fields = {"status": "arrived", "starts_at": at(12, days=0), "source": "desk"} | fields
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(minutes=15))
    branch = doctor.schedules.first().branch
    return Appointment.objects.create(
        patient=patient or PatientFactory(), doctor=doctor, branch=branch, **fields
    )


def finished(doctor, patient=None, **texts) -> Encounter:
    encounter = open_encounter(appointment=visit_today(doctor, patient), by=doctor.user)
    lines = [DiagnosisLine("Flu", "J11.1")]
    save_draft(encounter=encounter, **TEXTS | texts, diagnoses=lines, by=doctor.user)
    if texts.get("medicine_lines") and not Allergy.objects.filter(patient=encounter.patient).exists():
        record_no_known_allergies(patient=encounter.patient, by=doctor.user)
    return finish_visit(encounter=encounter, by=doctor.user)


def visit_of(patient: Patient, doctor: Doctor, hour: int = 9, minute: int = 30) -> Appointment:
    """A visit that began today at this time."""
    began_at = at(hour, minute, days=0)
    return visit_today(doctor, patient, starts_at=began_at, status="in_consultation", started_at=began_at)


def completed_visit(doctor: Doctor, patient: Patient | None = None) -> Appointment:
    return visit_today(doctor, patient, status="completed", starts_at=at(9, days=-1))


def published(visit: Appointment, stars: int = 4, words: str = "Listened well.") -> Review:
    review = write_review(appointment=visit, stars=stars, words=words, by=carer_of(visit.patient))
    return moderate_review(review=review, status="published", by=staff("administrator"))


def address(code: DocumentCode) -> str:
    return f"/verify/{code.code[:6]}-{code.code[6:12]}-{code.code[12:]}/"
