"""What each role may do, word for word: a permission more or less is a decision, not an accident."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured

from accounts.exceptions import OwnAdministratorRole, OwnLogin, RolesNotYours, SuperuserOnly
from accounts.models import User
from accounts.roles import STAFF_ROLES, Role
from accounts.services import register_login, set_roles, update_login
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.site import roles as table
from tests.factories import UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A04")]


def granted() -> dict[str, set[str]]:
    return {
        group.name: {
            f"{permission.content_type.app_label}.{permission.codename}"
            for permission in group.permissions.select_related("content_type")
        }
        for group in Group.objects.all()
    }


def test_the_migration_made_a_group_of_each_role_with_the_tables_permissions():
    assert granted() == {role.value: may for role, may in table.ROLES.items()}
    assert set(table.ROLES) == set(Role)


def test_granting_again_puts_right_what_was_changed_and_can_be_repeated():
    Group.objects.get(name=Role.DOCTOR).permissions.clear()
    Group.objects.get(name=Role.NURSE).delete()

    table.grant_roles()
    table.grant_roles()

    assert granted() == {role.value: may for role, may in table.ROLES.items()}


def test_a_table_that_grants_what_no_model_declares_is_refused(monkeypatch):
    monkeypatch.setitem(table.ROLES, Role.NURSE, {"scheduling.check_in", "scheduling.chekc_in"})

    with pytest.raises(ImproperlyConfigured, match=r"\['scheduling.chekc_in'\]"):
        table.grant_roles()


# R receptionist, D doctor, N nurse, L lab technician, B billing clerk, U auditor, A administrator
HOLDERS = dict(zip("RDNLBUA", [role.value for role in Role if role != Role.PATIENT], strict=True))
HELD_BY = {
    "RDNLBUA": """
        accounts.view_language scheduling.view_branch scheduling.view_department
        scheduling.view_doctor scheduling.view_nurse scheduling.view_scheduleexception
        scheduling.view_weeklyschedule""",
    "RDNBA": "accounts.view_patient scheduling.view_appointment",
    "RNA": "scheduling.check_in",
    "RBA": """
        accounts.view_every_patient scheduling.view_every_appointment billing.take_payment
        billing.view_invoice billing.view_payment billing.view_receipt billing.view_refund""",
    "RA": """
        accounts.add_patient accounts.change_patient accounts.view_user
        accounts.add_guardianship accounts.change_guardianship accounts.view_guardianship
        scheduling.add_appointment scheduling.change_appointment
        scheduling.book_for_others scheduling.overbook""",
    "D": "scheduling.run_consultation",
    "BA": """
        billing.refund_payment billing.view_billingprofile billing.view_gatewayevent
        billing.view_taxclass billing.view_taxpolicy billing.view_taxrule""",
    "UA": "audit.view_anomaly audit.view_auditevent notifications.view_notification",
    "U": "audit.review_anomaly",
    "A": """
        accounts.assign_roles accounts.add_user accounts.change_user auth.view_group
        accounts.add_language accounts.change_language accounts.delete_language
        accounts.import_patient accounts.export_patient accounts.import_user accounts.export_user
        billing.add_billingprofile billing.change_billingprofile
        billing.add_taxclass billing.change_taxclass billing.add_taxpolicy billing.change_taxpolicy
        billing.add_taxrule billing.change_taxrule
        scheduling.add_branch scheduling.change_branch scheduling.delete_branch
        scheduling.add_department scheduling.change_department scheduling.delete_department
        scheduling.add_doctor scheduling.change_doctor scheduling.delete_doctor
        scheduling.add_nurse scheduling.change_nurse scheduling.delete_nurse
        scheduling.add_scheduleexception scheduling.change_scheduleexception
        scheduling.delete_scheduleexception scheduling.add_weeklyschedule
        scheduling.change_weeklyschedule scheduling.delete_weeklyschedule""",
}


def test_every_permission_is_held_by_these_roles_and_no_others():
    expected = {
        (HOLDERS[letter], permission)
        for letters, permissions in HELD_BY.items()
        for letter in letters
        for permission in permissions.split()
    }

    held = {(name, permission) for name, may in granted().items() for permission in may}
    assert held == expected


def test_no_role_deletes_people_or_appointments():
    kept = ("patient", "user", "guardianship", "appointment")
    deleting = {
        (name, permission)
        for name, may in granted().items()
        for permission in may
        if permission.partition(".delete_")[2] in kept
    }

    assert deleting == set()


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_a_staff_role_opens_the_staff_site(role):
    user = set_roles(user=UserFactory(), roles=[role], by=staff("administrator"))

    assert (user.role_names, user.is_staff) == ({role}, True)


def test_losing_the_last_staff_role_closes_the_staff_site():
    nurse = staff("nurse")

    user = set_roles(user=nurse, roles=["patient"], by=staff("administrator"))

    assert (user.role_names, user.is_staff) == ({"patient"}, False)
    assert not User.objects.get(pk=nurse.pk).has_perm("scheduling.check_in")


@pytest.mark.parametrize("role", sorted(set(STAFF_ROLES) - {Role.ADMINISTRATOR}))
def test_nobody_but_an_administrator_gives_roles_not_even_to_themself(role):
    somebody = staff(role)

    with pytest.raises(RolesNotYours):
        set_roles(user=somebody, roles=[role, "administrator"], by=somebody)

    assert User.objects.get(pk=somebody.pk).role_names == {role}


def test_an_administrator_does_not_lock_the_house_behind_themself():
    admin = staff("administrator")

    with pytest.raises(OwnAdministratorRole):
        set_roles(user=admin, roles=["nurse"], by=admin)
    with pytest.raises(OwnLogin):
        update_login(user=admin, by=admin, is_active=False)

    admin = User.objects.get(pk=admin.pk)
    assert (admin.role_names, admin.is_active) == ({"administrator"}, True)


def test_an_administrator_does_not_touch_a_superuser():
    admin, root = staff("administrator"), UserFactory(is_superuser=True, is_staff=True)

    with pytest.raises(SuperuserOnly):
        update_login(user=root, by=admin, email="mine@example.org")
    with pytest.raises(SuperuserOnly):
        set_roles(user=root, roles=["nurse"], by=admin)

    assert User.objects.get(pk=root.pk).email == root.email


def test_a_login_made_with_a_role_needs_both_rights():
    with pytest.raises(NotAllowed):
        register_login(by=staff("receptionist"), email="new@example.org", full_name="New", roles=["doctor"])

    assert not User.objects.filter(email="new@example.org").exists()


def test_a_changed_address_is_the_one_that_logs_in():
    user = register_login(by=SYSTEM, email="old@example.org", full_name="Vikram Rao")

    update_login(user=user, by=staff("administrator"), email=" New@Example.org ")

    user.refresh_from_db()
    addresses = list(user.emailaddress_set.values_list("email", "verified", "primary"))
    assert (user.email, addresses) == ("new@example.org", [("new@example.org", True, True)])
