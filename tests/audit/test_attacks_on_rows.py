"""What was done to a record by SQL, past the application, is found by comparing it with the log."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Patient, User
from audit.capture.registry import registration_of
from audit.evidence.adoption import adopt_rows
from audit.evidence.verification.rows import check_rows
from audit.models import AuditEvent
from tests.factories import GuardianshipFactory, PatientFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U02")]


@pytest.fixture
def patient() -> Patient:
    patient = PatientFactory(city="Mysuru", street="1 Old Road")
    patient.city = "Bengaluru"
    patient.save()
    return patient


def of_patient(patient, kind, **changes) -> list[dict]:
    finding = {"kind": kind, "model": "accounts.patient", "object_pk": str(patient.pk)}
    return [finding | ({"changes": changes} if changes else {})]


def test_what_the_application_wrote_is_in_order(patient, findings):
    GuardianshipFactory(patient=patient).delete()
    user = UserFactory()
    user.groups.add(*Group.objects.all()[:2])
    user.set_password("another battery horse")
    user.save()
    User.objects.filter(pk=user.pk).update(full_name="Other")
    Group.objects.first().delete()

    assert findings() == []


def test_a_patient_edited_by_sql_is_named_with_the_columns(patient, findings, sql):
    sql("UPDATE accounts_patient SET city = 'Mandya', street = '' WHERE id = %s", patient.pk)

    assert findings() == of_patient(
        patient, "changed_row", street=["1 Old Road", ""], city=["Bengaluru", "Mandya"]
    )


def test_a_patient_deleted_by_sql_is_named(patient, findings, sql):
    sql("DELETE FROM accounts_patient WHERE id = %s", patient.pk)

    assert findings() == of_patient(patient, "deleted_row")


def test_a_patient_added_by_sql_is_named(patient, findings, sql):
    own = {"id", "mrn", "reference"}
    fields = [field.column for field in Patient._meta.concrete_fields if field.name not in own]
    columns = ", ".join(map(connection.ops.quote_name, fields))
    copy = (
        "INSERT INTO accounts_patient (mrn, reference, {0})"
        " SELECT 'X', 'Y', {0} FROM accounts_patient WHERE id = %s"
    )

    sql(copy.format(columns), patient.pk)

    assert findings() == of_patient(Patient.objects.get(mrn="X"), "added_row")


def test_an_edit_that_the_application_then_wrote_over_is_named(patient, findings, sql):
    sql("UPDATE accounts_patient SET city = 'Mandya' WHERE id = %s", patient.pk)
    patient.city = "Hassan"
    patient.save()

    assert findings() == of_patient(patient, "gap_in_row", city=[["Bengaluru"], ["Mandya"]])


def test_an_edit_to_a_value_of_before_is_named(patient, findings, sql):
    sql("UPDATE accounts_patient SET city = 'Mysuru' WHERE id = %s", patient.pk)

    assert findings() == of_patient(patient, "changed_row", city=["Bengaluru", "Mysuru"])


def test_a_password_changed_by_sql_is_named(findings, sql):
    user = UserFactory()

    sql("UPDATE accounts_user SET password = 'md5$x' WHERE id = %s", user.pk)

    (found,) = findings()
    assert (found["kind"], found["model"], list(found["changes"])) == (
        *("changed_row", "accounts.user"),
        ["password"],
    )
    assert "md5" not in str(found)


def test_a_role_given_by_sql_is_named(findings, sql):
    user, group = UserFactory(), Group.objects.first()

    sql("INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%s, %s)", user.pk, group.pk)

    (found,) = findings()
    assert (found["kind"], found["object_pk"], found["changes"]) == (
        *("changed_row", str(user.pk)),
        {"groups": [[], [group.pk]]},
    )


def test_entries_whose_keys_are_out_of_order_are_read_by_their_values(patient, findings, sql):
    created, updated = AuditEvent.objects.filter(model="accounts.patient", object_pk=patient.pk).order_by(
        "pk"
    )
    for event, key in ((created, updated.pk + 1), (updated, created.pk)):
        event.pk, event._state.adding = key, True
        event.sign()
    sql("DELETE FROM audit_auditevent WHERE id IN (%s, %s)", created.pk - 1, updated.pk)
    AuditEvent.objects.bulk_create([updated, created])

    assert findings() == []


def test_a_column_that_is_younger_than_the_row_has_its_default(patient, findings, monkeypatch):
    registration = registration_of(Patient)
    fields = {name: field for name, field in registration.fields.items() if field.name != "country"}
    monkeypatch.setitem(registration.__dict__, "fields", fields)
    monkeypatch.setitem(registration.__dict__, "all_fields", tuple(dict.fromkeys(fields.values())))
    old = PatientFactory()
    monkeypatch.undo()

    with CaptureQueriesContext(connection) as queries:
        assert list(check_rows()) == []
    assert not [query for query in queries.captured_queries if "SAVEPOINT" in query["sql"]]
    assert findings() == []
    Patient.objects.filter(pk=old.pk).update(country="NP")
    assert findings() == []


def test_rows_are_adopted_as_they_are(patient, findings, log, sql):
    other = PatientFactory(city="Mysuru")
    sql("UPDATE accounts_patient SET city = 'Mandya', street = '' WHERE id = %s", patient.pk)
    sql("DELETE FROM audit_auditevent WHERE object_pk = %s AND model = 'accounts.patient'", str(other.pk))
    other.city = "Hassan"
    other.save()
    sql("UPDATE accounts_patient SET city = 'Udupi' WHERE id = %s", other.pk)
    log.forget()

    call_command("adopt_rows", "accounts.Patient", reason="Looked into")

    assert findings() == []
    amended, begun = log.events(object_pk=patient.pk), log.events(object_pk=other.pk)
    assert [(event.action, event.reason, event.changes) for event in amended] == [
        ("update", "Looked into", {"street": ["1 Old Road", ""], "city": ["Bengaluru", "Mandya"]})
    ]
    assert (begun[0].action, begun[0].patient_id, begun[0].object_repr) == ("carry", other.pk, other.mrn)
    assert begun[0].changes["city"] == [None, "Mysuru"]


def test_gaps_are_closed_by_adopting(patient, findings, log, sql):
    sql("UPDATE accounts_patient SET city = 'Mandya' WHERE id = %s", patient.pk)
    patient.city = "Hassan"
    patient.save()
    log.forget()

    assert adopt_rows("accounts.Patient", reason="Looked into") == 1

    assert findings() == []
    assert log.event().changes == {"city": ["Bengaluru", "Mandya"]}


def test_rows_that_were_deleted_by_sql_are_acknowledged_by_adopting(patient, findings, log, sql):
    sql("DELETE FROM accounts_patient WHERE id = %s", patient.pk)
    log.forget()

    assert adopt_rows("accounts.Patient", reason="Looked into") == 1
    assert adopt_rows("accounts.Patient", reason="Looked into") == 0

    event = log.event()
    assert findings() == []
    assert (event.action, event.reason, event.patient_id) == ("delete", "Looked into", patient.pk)
    assert (event.object_repr, event.changes["city"]) == (patient.mrn, ["Bengaluru", None])


def test_what_is_in_order_is_not_adopted_again(patient):
    assert adopt_rows("accounts.Patient", reason="Looked into") == 0


def test_a_model_that_is_not_logged_cannot_be_adopted():
    with pytest.raises(CommandError, match="slotclaim"):
        call_command("adopt_rows", "scheduling.SlotClaim", reason="x")
