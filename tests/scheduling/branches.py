"""Doctors who consult at a branch."""

from tests.factories import DoctorFactory, WeeklyScheduleFactory


def consults(branch, starts_at, ends_at, doctor=None, **fields):
    """A doctor's shift every Monday."""
    doctor = doctor or DoctorFactory()
    WeeklyScheduleFactory(doctor=doctor, branch=branch, starts_at=starts_at, ends_at=ends_at, **fields)
    return doctor
