"""Rows for the browser journeys."""

from accounts.models import User
from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Department, Doctor
from scheduling.services import book_appointment
from tests.factories import (
    DepartmentFactory,
    GuardianshipFactory,
    NurseFactory,
    PatientFactory,
    UserFactory,
    at,
    doctor_with_hours,
    staff,
)


def given_a_doctor(full_name: str = "Dr Meera Iyer", speciality: str = "Cardiology") -> Doctor:
    """A doctor with a login and half-hour slots every day from nine to twelve."""
    department = Department.objects.filter(name=speciality).first()
    return doctor_with_hours(
        full_name=full_name,
        specialization__name=speciality,
        department=department or DepartmentFactory(name=speciality, slug=speciality.lower()),
        user=staff("doctor", full_name=full_name),
    )


def given_a_patient_with_a_login(full_name: str = "Asha Rao") -> User:
    """A patient who has signed up."""
    user = UserFactory(full_name=full_name)
    GuardianshipFactory(user=user, patient=PatientFactory(full_name=full_name, city="Bengaluru"))
    return user


def given_a_visit(doctor: Doctor, hour: int, minute: int = 0, *, days: int = 0, **fields) -> Appointment:
    """A visit booked by the front desk, by default today."""
    patient = fields.pop("patient", None) or PatientFactory(**fields)
    starts_at = at(hour, minute, days=days)
    return book_appointment(patient=patient, doctor=doctor, starts_at=starts_at, source="desk", by=SYSTEM)


def given_a_nurse(*doctors: Doctor) -> User:
    """A nurse who works with these doctors."""
    user = staff("nurse", full_name="Nurse Leela Thomas")
    NurseFactory(user=user, full_name=user.full_name).doctors.set(doctors)
    return user
