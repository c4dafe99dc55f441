"""Assigning roles, and the access that they give."""

import pytest

from accounts.exceptions import (
    AddressOfTwo,
    LoginOfTwo,
    OwnAdministratorRole,
    OwnLogin,
    RolesNotYours,
    SecondPersonNeeded,
    SuperuserOnly,
)
from accounts.models import User
from accounts.roles import ROLES_OF_TWO, STAFF_ROLES, Role
from accounts.services import register_login, remove_second_factors, set_roles, update_login
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.site.roles import ROLES
from tests.factories import UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A04")]


def test_no_role_deletes_people_or_appointments():
    kept = ("patient", "user", "guardianship", "appointment")
    deleting = {
        (role, permission)
        for role, granted in ROLES.items()
        for permission in granted
        if permission.partition(".delete_")[2] in kept
    }

    assert deleting == set()


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_a_staff_role_opens_the_staff_site(role):
    user = set_roles(user=UserFactory(), roles=[role], by=SYSTEM)

    assert (user.role_names, user.is_staff) == ({role}, True)


def test_losing_the_last_staff_role_closes_the_staff_site():
    nurse = staff("nurse")

    user = set_roles(user=nurse, roles=["patient"], by=staff("administrator"))

    assert (user.role_names, user.is_staff) == ({"patient"}, False)
    assert not User.objects.get(pk=nurse.pk).has_perm("scheduling.check_in")


@pytest.mark.parametrize("role", sorted(set(STAFF_ROLES) - {Role.ADMINISTRATOR}))
def test_only_an_administrator_assigns_roles(role):
    somebody = staff(role)

    with pytest.raises(RolesNotYours):
        set_roles(user=somebody, roles=[role, "administrator"], by=somebody)

    assert User.objects.get(pk=somebody.pk).role_names == {role}


def test_an_administrator_cannot_remove_their_own_role():
    admin = staff("administrator")

    with pytest.raises(OwnAdministratorRole):
        set_roles(user=admin, roles=["nurse"], by=admin)
    with pytest.raises(OwnLogin):
        update_login(user=admin, by=admin, is_active=False)

    admin = User.objects.get(pk=admin.pk)
    assert (admin.role_names, admin.is_active) == ({"administrator"}, True)


def test_an_administrator_cannot_change_a_superuser():
    admin, root = staff("administrator"), UserFactory(is_superuser=True, is_staff=True)

    with pytest.raises(SuperuserOnly):
        update_login(user=root, by=admin, email="mine@example.org")
    with pytest.raises(SuperuserOnly):
        set_roles(user=root, roles=["nurse"], by=admin)

    assert User.objects.get(pk=root.pk).email == root.email


def test_creating_a_login_with_a_role_needs_both_permissions():
    with pytest.raises(NotAllowed):
        register_login(by=staff("receptionist"), email="new@example.org", full_name="New", roles=["doctor"])

    assert not User.objects.filter(email="new@example.org").exists()


def test_a_changed_address_is_used_to_log_in():
    user = register_login(by=SYSTEM, email="old@example.org", full_name="Vikram Rao")

    update_login(user=user, by=staff("administrator"), email=" New@Example.org ")

    user.refresh_from_db()
    addresses = list(user.emailaddress_set.values_list("email", "verified", "primary"))
    assert (user.email, addresses) == ("new@example.org", [("new@example.org", True, True)])


def test_an_administrator_who_has_just_lost_the_role_removes_nobody_elses():
    first, second = staff("administrator"), staff("administrator")
    assert first.has_perm("accounts.assign_roles")  # as read at the start of a request
    set_roles(user=first, roles=["nurse"], by=second)

    with pytest.raises(NotAllowed):
        set_roles(user=second, roles=["nurse"], by=first)

    assert User.objects.get(pk=second.pk).role_names == {"administrator"}


@pytest.mark.parametrize("role", sorted(ROLES_OF_TWO))
def test_one_administrator_alone_gives_no_role_that_needs_two(role):
    admin, nurse = staff("administrator"), staff("nurse")

    with pytest.raises(SecondPersonNeeded):
        set_roles(user=nurse, roles=["nurse", role], by=admin)
    with pytest.raises(SecondPersonNeeded):
        register_login(by=admin, email="new@example.org", full_name="New", roles=[role])

    assert User.objects.get(pk=nurse.pk).role_names == {"nurse"}
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_superuser_needs_a_second_person_as_well_and_the_server_does_not():
    somebody = UserFactory()

    with pytest.raises(SecondPersonNeeded):
        set_roles(user=somebody, roles=["auditor"], by=UserFactory(is_staff=True, is_superuser=True))
    set_roles(user=somebody, roles=["auditor"], by=SYSTEM)

    assert User.objects.get(pk=somebody.pk).role_names == {"auditor"}


def test_a_role_that_somebody_has_is_kept_and_taken_by_one_administrator():
    auditor, admin = staff("auditor"), staff("administrator")

    kept = set_roles(user=auditor, roles=["auditor", "nurse"], by=admin).role_names
    set_roles(user=auditor, roles=["nurse"], by=admin)

    assert (kept, User.objects.get(pk=auditor.pk).role_names) == ({"auditor", "nurse"}, {"nurse"})


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_nobody_else_changes_the_address_of_who_approves_with_others(role):
    """Who reads its mail could choose its password, and be the second person too."""
    approver = staff(role)

    with pytest.raises(AddressOfTwo):
        update_login(user=approver, by=staff("administrator"), email="mine@example.org")
    renamed = update_login(user=approver, by=staff("administrator"), full_name="Asha Rao")
    own = (
        update_login(user=approver, by=approver, email="new@example.org") if role == "administrator" else None
    )

    assert renamed.email == approver.email
    assert own is None or own.email == "new@example.org"


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_one_administrator_does_not_get_into_the_login_of_a_second_person(role):
    admin, left = staff("administrator"), staff(role)
    update_login(user=left, by=admin, is_active=False)

    with pytest.raises(LoginOfTwo):
        update_login(user=left, by=admin, is_active=True)
    with pytest.raises(LoginOfTwo):
        remove_second_factors(user=left, by=admin)
    set_roles(user=left, roles=["nurse"], by=admin)
    opened = update_login(user=left, by=admin, is_active=True)
    remove_second_factors(user=left, by=admin)

    assert (opened.is_active, User.objects.get(pk=left.pk).role_names) == (True, {"nurse"})
