"""A test that commits begins with what the migrations made, whatever the one before it left."""

import pytest
from django.contrib.auth.models import Group

from accounts.roles import Role
from tests.factories import PatientFactory


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_that_commits_finds_the_roles_and_nobody_elses_rows(time):
    roles = set(Group.objects.values_list("name", flat=True))
    permissions = Group.objects.get(name=Role.DOCTOR).permissions.count()
    patients = PatientFactory._meta.model.objects.count()

    Group.objects.all().delete()
    PatientFactory()

    assert roles == set(Role.values)
    assert permissions > 0
    assert patients == 0
