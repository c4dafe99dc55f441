"""Visibility of patients; each test has another patient who must not appear."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Guardianship, Patient, User
from tests.accounts.rows import carer, own_patient
from tests.factories import PatientFactory, UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A07")]


@pytest.fixture
def others() -> Patient:
    """Somebody else's patient."""
    return own_patient(UserFactory(), full_name="Somebody Else")


def seen_by(user) -> list[Patient]:
    return list(Patient.objects.visible_to(user).order_by("pk"))


def test_a_login_sees_its_own_patient_and_those_it_cares_for(others):
    user = UserFactory()
    mine, mother = own_patient(user), PatientFactory()
    carer(user, mother)

    assert seen_by(user) == [mine, mother]


def test_two_carers_of_one_patient_do_not_see_each_others_other_patients():
    one, two, shared = UserFactory(), UserFactory(), PatientFactory()
    mine, theirs = own_patient(one), own_patient(two)
    carer(one, shared)
    carer(two, shared)

    assert (seen_by(one), seen_by(two)) == ([shared, mine], [shared, theirs])


def test_a_shared_phone_number_and_address_give_no_access():
    phone, email = "+919845012345", "family@example.org"
    user = UserFactory(phone=phone, email=email)
    mine = own_patient(user, phone=phone, email=email)
    PatientFactory(phone=phone, email=email)

    assert seen_by(user) == [mine]


def test_revoked_care_shows_nothing(others):
    user = UserFactory()
    carer(user, others, revoked_at=timezone.now())

    assert seen_by(user) == []


def test_care_that_ends_today_has_ended(others):
    today, user = timezone.localdate(), UserFactory()
    tomorrow = PatientFactory()
    carer(user, others, ends_on=today)
    carer(user, tomorrow, ends_on=today + timedelta(days=1))

    assert seen_by(user) == [tomorrow]


@pytest.mark.parametrize("scope", ["may_book", "may_see_records", "may_pay"])
def test_care_without_a_scope_gives_no_access_by_it(others, scope):
    user, full = UserFactory(), PatientFactory()
    carer(user, others, **{scope: False})
    carer(user, full)

    assert list(Patient.objects.cared_for_by(user, scope)) == [full]


def test_inactive_and_anonymous_users_see_nothing(others):
    gone = UserFactory(is_active=False)
    carer(gone, others)

    assert seen_by(gone) == []
    assert list(Patient.objects.cared_for_by(gone)) == []
    assert seen_by(AnonymousUser()) == []


@pytest.mark.parametrize("role", ["receptionist", "billing_clerk", "administrator"])
def test_the_desk_sees_every_patient(others, role):
    assert seen_by(staff(role)) == [others]


@pytest.mark.parametrize("role", ["doctor", "nurse", "lab_technician", "auditor"])
def test_other_staff_see_no_patient_without_a_ground(others, role):
    assert seen_by(staff(role)) == []


def test_a_login_sees_the_carers_of_its_own_patient_only():
    mother, son, daughter = UserFactory(), UserFactory(), UserFactory()
    patient = own_patient(mother)
    of_son, of_daughter = carer(son, patient), carer(daughter, patient)
    own = Guardianship.objects.get(user=mother)

    assert set(Guardianship.objects.visible_to(mother)) == {own, of_son, of_daughter}
    assert set(Guardianship.objects.visible_to(son)) == {of_son}


def test_logins_are_seen_by_administrators_and_patients_logins_by_the_desk():
    patient, admin, desk = UserFactory(), staff("administrator"), staff("receptionist")

    assert set(User.objects.visible_to(admin)) == {patient, admin, desk}
    assert set(User.objects.visible_to(desk)) == {patient, desk}
    assert set(User.objects.visible_to(patient)) == {patient}
    assert set(User.objects.visible_to(AnonymousUser())) == set()
