from datetime import date

import pytest

from accounts.exceptions import AlreadyInFamily, IsYourself
from accounts.models import Patient
from tests.accounts.rows import own_patient
from tests.accounts.test_guardianships import add_child
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A09")]


@pytest.mark.parametrize("name", ["Asha Rao", "rao asha", "Smt. Asha  Rao", "Aasha Rao"])
def test_nobody_adds_themself_as_somebody_else(name):
    user = UserFactory()
    own_patient(user, full_name="Asha Rao", date_of_birth=date(1984, 3, 27))

    with pytest.raises(IsYourself):
        add_child(user, full_name=name, date_of_birth=date(1984, 3, 27), relation="spouse")

    assert Patient.objects.count() == 1


def test_nobody_adds_a_person_in_their_care_again():
    parent = UserFactory()
    add_child(parent)

    with pytest.raises(AlreadyInFamily) as refused:
        add_child(parent, full_name="Kavya  RAO")

    assert refused.value.messages == ["Kavya  RAO, with this date of birth, is already in your family."]
    add_child(parent, full_name="Divya Rao")
    assert Patient.objects.count() == 2


def test_nobody_learns_that_somebody_elses_patient_is_registered():
    """The other parent has added the child, and a stranger is a patient: both are taken as new."""
    add_child(UserFactory())
    own_patient(UserFactory(), full_name="Vikram Rao", date_of_birth=date(1980, 5, 2))
    parent = UserFactory()

    add_child(parent)
    add_child(parent, full_name="Vikram Rao", date_of_birth=date(1980, 5, 2), relation="spouse")

    assert parent.guardianships.count() == 2
