"""Factories of rows that are valid by default."""

from tests.factories.people import GuardianshipFactory, PatientFactory, UserFactory, carer_of, staff
from tests.factories.schedule import (
    BranchFactory,
    DepartmentFactory,
    DoctorFactory,
    NurseFactory,
    ScheduleExceptionFactory,
    SpecializationFactory,
    WeeklyScheduleFactory,
    at,
    doctor_with_hours,
)

__all__ = [
    "BranchFactory",
    "DepartmentFactory",
    "DoctorFactory",
    "GuardianshipFactory",
    "NurseFactory",
    "PatientFactory",
    "ScheduleExceptionFactory",
    "SpecializationFactory",
    "UserFactory",
    "WeeklyScheduleFactory",
    "at",
    "carer_of",
    "doctor_with_hours",
    "staff",
]
