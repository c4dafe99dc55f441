"""Nurses see their doctors' patients; appointments are at the branch of their session."""

import pytest

from accounts.models import Patient
from hms.core.rights import SYSTEM
from scheduling.availability import Reason, explain, offered_slots
from scheduling.models import Appointment
from scheduling.services import book_appointment
from tests.factories import NurseFactory, PatientFactory, at, doctor_with_hours, staff

pytestmark = pytest.mark.django_db


@pytest.mark.feature("S03")
def test_a_nurse_sees_the_patients_of_her_doctors_and_no_others():
    hers, other = doctor_with_hours(), doctor_with_hours()
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(hers)
    seen = book_appointment(patient=PatientFactory(), doctor=hers, starts_at=at(9), by=SYSTEM)
    book_appointment(patient=PatientFactory(), doctor=other, starts_at=at(9), by=SYSTEM)

    assert list(Patient.objects.visible_to(nurse.user)) == [seen.patient]
    assert list(Appointment.objects.visible_to(nurse.user)) == [seen]


@pytest.mark.feature("S03")
def test_a_nurse_who_leaves_a_doctor_no_longer_sees_the_patients():
    doctor = doctor_with_hours()
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    nurse.doctors.remove(doctor)

    assert not Patient.objects.visible_to(nurse.user).exists()


@pytest.mark.feature("S17")
def test_an_appointment_is_at_the_branch_of_its_shift():
    doctor = doctor_with_hours()
    branch = doctor.schedules.first().branch

    booked = book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    assert booked.branch == branch


@pytest.mark.feature("S17")
def test_a_closed_branch_offers_nothing():
    doctor = doctor_with_hours()
    branch = doctor.schedules.first().branch
    day = at(9).date()
    assert [entry.reason for entry in explain(doctor, day)] == [None] * 6

    branch.is_active = False
    branch.save()

    assert offered_slots([doctor], day, day)[doctor.pk] == []
    assert Reason.INACTIVE not in [entry.reason for entry in explain(doctor, day)]
