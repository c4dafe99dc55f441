"""The compiled queries for a carer's pages give what `visible_to` gives, and nothing else."""

from datetime import UTC, datetime

import pytest

from accounts.models import Guardianship
from scheduling.own import active_doctor, people_cared_for_by
from tests.factories import (
    DoctorFactory,
    GuardianshipFactory,
    PatientFactory,
    carer_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S11")]
RIGHTS = [
    {},
    {"may_book": False},
    {"revoked_at": datetime(2026, 1, 1, tzinfo=UTC)},
    {"ends_on": datetime(2026, 1, 1, tzinfo=UTC).date()},
]


@pytest.mark.parametrize("rights", RIGHTS)
def test_the_compiled_query_and_visible_to_agree_for_every_kind_of_guardianship(rights):
    carer = carer_of(PatientFactory(), **rights)
    GuardianshipFactory()

    expected = Guardianship.objects.visible_to(carer).in_force().filter(user=carer)
    assert people_cared_for_by(carer) == list(expected)


def test_a_closed_login_has_nobody_to_care_for():
    carer = carer_of(PatientFactory())
    type(carer).objects.filter(pk=carer.pk).update(is_active=False)

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
