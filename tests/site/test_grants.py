"""`migrate` makes the groups equal to the table of roles and logs each change."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from accounts.roles import Role
from audit.models import Action, AuditEvent
from hms.site.grants import REASON, grant_roles
from hms.site.roles import ROLES
from tests.factories import staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A04")]


def held() -> dict[str, set[str]]:
    return {
        group.name: {
            f"{permission.content_type.app_label}.{permission.codename}"
            for permission in group.permissions.select_related("content_type")
        }
        for group in Group.objects.all()
    }


def permission(codename: str) -> Permission:
    return Permission.objects.get(codename=codename)


@pytest.fixture
def written():
    """A function that returns the logged changes of roles since the start of the test."""
    last = AuditEvent.objects.order_by("pk").last().pk

    def ask() -> list[tuple]:
        events = AuditEvent.objects.filter(pk__gt=last, reason=REASON, action=Action.PERMISSION_CHANGE)
        return [
            (event.object_repr, event.details["added"], event.details["removed"])
            for event in events.order_by("pk")
        ]

    return ask


def test_a_new_database_has_a_group_of_each_role_with_the_tables_permissions():
    assert held() == {role.value: granted for role, granted in ROLES.items()}
    assert set(ROLES) == set(Role)


def test_migrate_reports_and_logs_nothing_without_a_difference():
    before = AuditEvent.objects.count()
    out = StringIO()

    call_command("migrate", stdout=out)

    assert "Role" not in out.getvalue()
    assert AuditEvent.objects.count() == before


def test_migrate_restores_the_table_and_reports_and_logs_each_change(written):
    Group.objects.get(name=Role.NURSE).permissions.add(permission("overbook"))
    Group.objects.get(name=Role.NURSE).permissions.remove(permission("check_in"))
    Group.objects.get(name=Role.DOCTOR).delete()
    out = StringIO()

    call_command("migrate", stdout=out)

    assert held() == {role.value: granted for role, granted in ROLES.items()}
    assert f"Role doctor: {len(ROLES[Role.DOCTOR])} permissions given." in out.getvalue()
    assert "Role nurse: +scheduling.check_in -scheduling.overbook" in out.getvalue()
    assert [entry for entry in written() if entry[0] == "nurse"] == [
        ("nurse", [], ["overbook"]),
        ("nurse", ["check_in"], []),
    ]


def test_a_group_that_is_no_longer_a_role_loses_its_permissions_and_keeps_its_members(written):
    porter = Group.objects.create(name="porter")
    porter.permissions.add(permission("check_in"))
    nurse = staff("nurse")
    nurse.groups.add(porter)

    said = [grant_roles(), grant_roles()]

    assert said == [["No longer a role: porter: -scheduling.check_in"], []]
    assert held()["porter"] == set()
    assert set(nurse.groups.values_list("name", flat=True)) == {"nurse", "porter"}
    assert written() == [("porter", [], ["check_in"])]


def test_permissions_that_the_database_does_not_have_yet_are_made():
    permission("check_in").delete()

    grant_roles()

    assert held() == {role.value: granted for role, granted in ROLES.items()}


def test_a_table_that_grants_what_no_model_declares_is_refused(monkeypatch):
    monkeypatch.setitem(ROLES, Role.NURSE, {"scheduling.check_in", "scheduling.chekc_in"})

    with pytest.raises(ImproperlyConfigured, match=r"\['scheduling.chekc_in'\]"):
        grant_roles()


def test_nothing_is_granted_while_migrations_are_still_to_be_applied():
    Group.objects.get(name=Role.NURSE).permissions.clear()
    latest = next(iter(MigrationLoader(connection).graph.leaf_nodes("notifications")))
    MigrationRecorder(connection).record_unapplied(*latest)

    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    before = held()["nurse"]
    MigrationRecorder(connection).record_applied(*latest)
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")

    assert (before, held()["nurse"]) == (set(), ROLES[Role.NURSE])
