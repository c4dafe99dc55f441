"""Rows from before their model was logged are adopted once; rows that SQL adds later are named."""

import pytest
from django.db import migrations

from audit.capture.registry import registered_models
from audit.evidence.adoption import EVERY_ROW, adopt_after_migrating
from audit.models import AuditEvent
from tests.factories import DoctorFactory, NurseFactory, PatientFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U02")]

ADDED_BY_MIGRATE = {"scheduling.complaint", "scheduling.discipline", "scheduling.noshowmodel"}


@pytest.fixture
def old_database(sql):
    """A doctor, a nurse and a patient in a database of the version that logged patients alone."""
    doctor = DoctorFactory(full_name="Dr Asha Rao", user=UserFactory())
    nurse = NurseFactory(full_name="Nurse Tara", department=doctor.department)
    nurse.doctors.add(doctor)
    PatientFactory()
    sql("DELETE FROM audit_auditevent WHERE model LIKE 'scheduling.%%' OR object_pk = %s", EVERY_ROW)
    return doctor, nurse


def migrate(*plan) -> None:
    """What follows when `migrate` has applied these."""
    adopt_after_migrating("default", plan=plan)


def test_rows_from_before_are_in_order_after_the_upgrade(old_database, findings, log):
    doctor, _nurse = old_database
    log.forget()

    migrate()

    carried = {event.model: event for event in log.events(action="carry")}
    assert findings() == []
    assert set(carried) - ADDED_BY_MIGRATE == {
        "scheduling.department",
        "scheduling.doctor",
        "scheduling.nurse",
        "scheduling.specialization",
    }
    assert {event.reason for event in carried.values()} == {"First registered"}
    assert carried["scheduling.nurse"].object_repr == "Nurse Tara"
    assert carried["scheduling.nurse"].changes["doctors"] == [[], [doctor.pk]]


def test_each_model_is_marked_once_with_the_number_of_its_rows(old_database, log):
    log.forget()

    migrate()
    migrate()

    marks = log.events(action="settings_change", object_pk=EVERY_ROW)
    rows = {event.model: event.details["rows"] for event in marks}
    assert len(marks) == len(registered_models())
    assert rows["scheduling.doctor"] == 1
    assert rows["accounts.patient"] == 0  # known by its entries already


def test_what_sql_adds_after_that_is_never_adopted(old_database, findings, sql):
    migrate()
    doctor = old_database[0]
    sql("UPDATE scheduling_doctor SET fee = 1 WHERE id = %s", doctor.pk)
    sql("DELETE FROM audit_auditevent WHERE model = 'scheduling.nurse' AND action = 'carry'")

    migrate()

    assert {(one["kind"], one["model"]) for one in findings()} == {
        ("changed_row", "scheduling.doctor"),
        ("added_row", "scheduling.nurse"),
    }


def test_what_sql_changed_in_a_table_that_was_logged_before_is_not_adopted(old_database, findings, sql):
    patient = PatientFactory(city="Mysuru")
    sql("UPDATE accounts_patient SET city = 'Mandya' WHERE id = %s", patient.pk)

    migrate()

    assert [(one["kind"], one["object_pk"]) for one in findings()] == [("changed_row", str(patient.pk))]


def test_rows_that_a_migration_wrote_are_adopted_with_its_reason(findings, log, sql):
    class AddsRows(migrations.Migration):
        adopts = [("scheduling.Department", "Came with version 2")]

    sql(
        "INSERT INTO scheduling_department (slug, name, description, opens_at, closes_at, is_active)"
        " VALUES ('ent', 'ENT', '', '08:00', '20:00', TRUE)"
    )
    assert [one["kind"] for one in findings()] == ["added_row"]
    log.forget()

    migrate((AddsRows("0099_ent", "scheduling"), False))

    assert findings() == []
    assert (log.event().action, log.event().reason) == ("carry", "Came with version 2")
    assert log.event().object_repr == "ENT"


def test_of_rows_that_are_logged_only_the_columns_that_a_migration_wrote_are_adopted(findings, log, sql):
    class MovesColumn(migrations.Migration):
        adopts = [("accounts.Patient", "County moved", ("county",))]

    patient = PatientFactory(city="Mysuru")
    sql("UPDATE accounts_patient SET county = 'Mandya', city = 'Hassan' WHERE id = %s", patient.pk)
    log.forget()

    migrate((MovesColumn("0099_county", "accounts"), False))

    assert (log.event().action, log.event().changes) == ("update", {"county": ["", "Mandya"]})
    assert [one["changes"] for one in findings()] == [{"city": ["Mysuru", "Hassan"]}]


def test_a_migration_that_is_taken_back_adopts_nothing(log, sql):
    class AddsRows(migrations.Migration):
        adopts = [("scheduling.Department", "Came with version 2")]

    sql("UPDATE scheduling_department SET name = 'x'")
    log.forget()

    migrate((AddsRows("0099_ent", "scheduling"), True))

    assert log.events() == []


def test_a_new_database_is_in_order(findings):
    marks = AuditEvent.objects.filter(object_pk=EVERY_ROW).values_list("model", flat=True)

    assert sorted(marks) == sorted(model._meta.label_lower for model in registered_models())
    assert AuditEvent.objects.filter(model="billing.taxpolicy", action="create").count() == 3
    assert findings() == []
