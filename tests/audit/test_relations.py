"""Changes of roles and permissions, which are many-to-many fields, are logged."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.models import User
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U07")]


@pytest.fixture
def porters() -> Group:
    return Group.objects.create(name="porters")


@pytest.fixture
def drivers() -> Group:
    return Group.objects.create(name="drivers")


def test_giving_a_role_is_a_change_of_rights(log, porters, drivers):
    user = UserFactory()
    user.groups.add(drivers)
    log.forget()

    user.groups.add(porters, drivers)

    event = log.event()
    assert (event.action, event.model, event.object_pk) == (
        "permission_change",
        "accounts.user",
        str(user.pk),
    )
    assert event.object_repr == user.email
    assert event.changes == {"groups": [[drivers.pk], sorted([porters.pk, drivers.pk])]}
    assert event.details == {"added": ["porters"], "removed": []}


def test_taking_a_role_is_a_change_of_rights(log, porters, drivers):
    user = UserFactory()
    user.groups.set([porters, drivers])
    log.forget()

    user.groups.remove(porters)

    assert log.event().changes == {"groups": [sorted([porters.pk, drivers.pk]), [drivers.pk]]}
    assert log.event().details == {"added": [], "removed": ["porters"]}


def test_setting_the_roles_logs_what_goes_and_what_comes(log, porters, drivers):
    user = UserFactory()
    user.groups.set([porters])
    log.forget()

    user.groups.set([drivers])

    assert [event.details for event in log.events()] == [
        {"added": [], "removed": ["porters"]},
        {"added": ["drivers"], "removed": []},
    ]


def test_clearing_the_roles_is_logged(log, porters, drivers):
    user = UserFactory()
    user.groups.set([porters, drivers])
    log.forget()

    user.groups.clear()

    assert log.event().changes == {"groups": [sorted([porters.pk, drivers.pk]), []]}


def test_what_changes_nothing_logs_nothing(log, porters):
    user = UserFactory()
    user.groups.add(porters)
    log.forget()

    user.groups.add(porters)
    user.groups.set([porters])
    user.user_permissions.clear()

    assert log.events() == []


def test_the_other_side_of_a_relation_logs_each_person(log, porters):
    first, second = UserFactory.create_batch(2)
    log.forget()

    porters.user_set.add(first, second)
    porters.user_set.remove(first)
    porters.user_set.clear()

    assert sorted((event.object_pk, event.changes["groups"]) for event in log.events()) == sorted(
        [
            (str(first.pk), [[], [porters.pk]]),
            (str(second.pk), [[], [porters.pk]]),
            (str(first.pk), [[porters.pk], []]),
            (str(second.pk), [[porters.pk], []]),
        ]
    )


def test_a_permission_given_to_a_person_or_a_role_is_a_change_of_rights(log, porters):
    permission = Permission.objects.get(codename="view_every_patient")
    user = UserFactory()
    log.forget()

    user.user_permissions.add(permission)
    porters.permissions.add(permission)

    assert [(event.action, event.model, event.details["added"]) for event in log.events()] == [
        ("permission_change", "accounts.user", ["view_every_patient"]),
        ("permission_change", "auth.group", ["view_every_patient"]),
    ]


def test_a_role_that_is_made_renamed_or_dropped_is_logged(log):
    group = Group.objects.create(name="runners")
    group.name = "walkers"
    group.save()
    group.delete()

    assert [(event.action, event.changes["name"]) for event in log.events()] == [
        ("create", [None, "runners"]),
        ("update", ["runners", "walkers"]),
        ("delete", ["walkers", None]),
    ]


def test_a_login_made_with_a_role_is_logged_twice(log, porters):
    log.forget()

    user = User.objects.create_user("new@example.org", "a password that is long", full_name="New")
    user.groups.set([porters])

    assert [event.action for event in log.events()] == ["create", "permission_change"]
