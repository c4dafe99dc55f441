"""Rows for the clinical tests: a doctor with a login, and a patient with an appointment."""

from accounts.models import Patient
from scheduling.models import Doctor
from scheduling.services import book_appointment
from tests.factories import PatientFactory, at, doctor_with_hours, staff

PENICILLIN = {"substance": "Penicillin", "category": "medicine", "criticality": "high", "reaction": "Rash"}
PEANUTS = {"substance": "Peanuts", "category": "food", "criticality": "low"}


def doctor_at_work() -> Doctor:
    return doctor_with_hours(user=staff("doctor"))


def patient_of(doctor: Doctor, **fields) -> Patient:
    """A patient who has an appointment with the doctor."""
    patient = PatientFactory(**fields)
    visits = doctor.appointments.count()
    time = at(9 + visits // 2, visits % 2 * 30)
    book_appointment(patient=patient, doctor=doctor, starts_at=time, by=staff("receptionist"))
    return patient
