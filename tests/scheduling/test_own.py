"""The precompiled queries for a carer's own rows give the same rows as `visible_to`."""

from datetime import UTC, datetime

import pytest

from accounts.models import Guardianship
from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from scheduling.own import active_doctor, changeable_appointment, people_cared_for_by
from scheduling.services import book_appointment
from tests.factories import DoctorFactory, PatientFactory, at, carer_of, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S11")]
RIGHTS = [
    {},
    {"may_book": False},
    {"revoked_at": datetime(2026, 1, 1, tzinfo=UTC)},
    {"ends_on": datetime(2026, 1, 1, tzinfo=UTC).date()},
]


@pytest.mark.parametrize("rights", RIGHTS)
def test_the_precompiled_query_and_visible_to_agree_for_every_guardianship(rights):
    doctor = doctor_with_hours()
    rows = [
        book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(hour), by=SYSTEM)
        for hour in (9, 10)
    ]
    carer = carer_of(rows[0].patient, **rights)

    for row in rows:
        slow = Appointment.objects.visible_to(carer).changeable_by(carer).filter(pk=row.pk).first()
        assert changeable_appointment(carer, row.reference) == slow
    slow = Guardianship.objects.visible_to(carer).in_force().filter(user=carer)
    assert people_cared_for_by(carer) == list(slow)


def test_a_closed_login_has_no_own_appointments():
    booked = book_appointment(
        patient=PatientFactory(), doctor=doctor_with_hours(), starts_at=at(9), by=SYSTEM
    )
    carer = carer_of(booked.patient)
    type(carer).objects.filter(pk=carer.pk).update(is_active=False)

    assert changeable_appointment(carer, booked.reference) is None
    assert people_cared_for_by(carer) == []


def test_the_logins_own_patient_comes_first():
    child, me = PatientFactory(full_name="Aarav"), PatientFactory(full_name="Zoya")
    carer = carer_of(me)
    Guardianship.objects.create(user=carer, patient=child, relation="parent", consented_by=carer)

    assert [guardianship.patient for guardianship in people_cared_for_by(carer)] == [me, child]


def test_a_doctor_who_has_left_has_no_booking_page():
    doctor, gone = DoctorFactory(), DoctorFactory(is_active=False)

    assert active_doctor(doctor.reference) == doctor
    assert active_doctor(gone.reference) is None
