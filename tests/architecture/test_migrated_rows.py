"""A test that commits starts with the rows written after `migrate`, and with no others."""

import pytest
from django.contrib.auth.models import Group

from accounts.roles import Role
from tests.factories import PatientFactory


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_that_commits_finds_the_roles_and_no_rows_of_other_tests(time):
    roles = set(Group.objects.values_list("name", flat=True))
    permissions = Group.objects.get(name=Role.DOCTOR).permissions.count()
    patients = PatientFactory._meta.model.objects.count()

    Group.objects.all().delete()
    PatientFactory()

    assert roles == set(Role.values)
    assert permissions > 0
    assert patients == 0
