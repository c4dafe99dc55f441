"""What sends no signal: `update()`, `bulk_*`, deletes of query sets, and cascades."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat

from accounts.models import Patient
from audit.capture.querysets import AuditedQuerySet
from audit.exceptions import CannotBeLogged
from audit.models import AuditEvent
from scheduling.models import Appointment, SlotClaim
from tests.factories import GuardianshipFactory, PatientFactory, carer_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U02")]


def test_update_logs_each_row_that_it_changes(log):
    first, second = PatientFactory(city="Mysuru"), PatientFactory(city="Mandya")
    PatientFactory(city="Hassan")
    log.forget()

    count = Patient.objects.filter(city__startswith="M").update(city="Mandya")

    assert count == 2
    assert log.rows() == [
        ("update", "accounts.patient", str(first.pk), first.pk, {"city": ["Mysuru", "Mandya"]})
    ]
    assert log.event().object_repr == first.mrn
    second.refresh_from_db()
    assert second.city == "Mandya"


def test_update_with_an_expression_logs_what_was_stored(log):
    patient = PatientFactory(city="Mysuru", wants_sms=True)
    log.forget()

    Patient.objects.filter(pk=patient.pk).update(city=Concat(F("city"), Value(" 1")), wants_sms=False)

    assert log.event().changes == {"city": ["Mysuru", "Mysuru 1"], "wants_sms": [True, False]}


def test_update_of_an_annotated_query_logs_what_was_stored(log):
    patient = PatientFactory(city="Mysuru")
    log.forget()

    places = Patient.objects.annotate(place=Concat("city", Value(", "), "country"))
    places.filter(place="Mysuru, India").update(city=F("place"))

    assert log.rows() == [
        (
            "update",
            "accounts.patient",
            str(patient.pk),
            patient.pk,
            {"city": ["Mysuru", "Mysuru, India"]},
        )
    ]


def test_update_through_another_table_logs_each_row_once(log):
    patient = PatientFactory()
    carer_of(patient), carer_of(patient)
    log.forget()

    Patient.objects.filter(guardianships__may_pay=True).update(city="Mandya")

    assert log.event().changes == {"city": ["", "Mandya"]}


def test_update_of_a_foreign_key_takes_an_instance_or_a_key(log, make_appointment):
    appointment = make_appointment()
    old, new = appointment.patient, PatientFactory()
    log.forget()

    Appointment.objects.filter(pk=appointment.pk).update(patient=new)
    Appointment.objects.filter(pk=appointment.pk).update(patient_id=old.pk)

    assert [event.changes for event in log.events()] == [
        {"patient": [old.pk, new.pk]},
        {"patient": [new.pk, old.pk]},
    ]
    assert [event.patient_id for event in log.events()] == [new.pk, old.pk]


def test_update_of_a_related_manager_is_logged(log):
    guardianship = GuardianshipFactory()
    log.forget()

    guardianship.patient.guardianships.update(may_pay=False)

    assert log.event().changes == {"may_pay": [True, False]}
    assert log.event().patient_id == guardianship.patient_id


def test_adding_to_a_related_manager_is_logged(log):
    guardianship, other = GuardianshipFactory(), PatientFactory()
    patient = guardianship.patient
    log.forget()

    other.guardianships.add(guardianship)

    assert log.event().changes == {"patient": [patient.pk, other.pk]}


def test_update_of_columns_that_are_not_logged_asks_nothing_more(
    log, make_appointment, django_assert_num_queries
):
    appointment = make_appointment()
    log.forget()

    with django_assert_num_queries(1):
        Appointment.objects.filter(pk=appointment.pk).update(idempotency_key="k")

    assert log.events() == []


def test_update_of_nothing_logs_nothing(log):
    assert Patient.objects.filter(mrn="none").update(city="Mandya") == 0
    assert log.events() == []


@pytest.mark.parametrize("rows", [1, 3])
def test_bulk_writes_cost_the_same_for_one_row_and_for_three(rows, log, django_assert_num_queries):
    patients = PatientFactory.build_batch(rows)

    with django_assert_num_queries(2):  # insert, log
        Patient.objects.bulk_create(patients)
    with django_assert_num_queries(3):  # select, update, log
        Patient.objects.update(city="Mandya")
    for patient in patients:
        patient.city = "Mysuru"
    with django_assert_num_queries(3):
        Patient.objects.bulk_update(patients, ["city"])

    actions = [event.action for event in log.events()]
    assert actions == ["create"] * rows + ["update"] * rows * 2


def test_bulk_create_logs_each_row_with_its_new_key(log):
    patients = Patient.objects.bulk_create(PatientFactory.build_batch(2, city="Mysuru"))

    events = log.events()

    assert [(event.action, event.object_pk, event.patient_id) for event in events] == [
        ("create", str(patient.pk), patient.pk) for patient in patients
    ]
    assert [event.changes["id"] for event in events] == [[None, row.pk] for row in patients]
    assert {event.changes["city"][1] for event in events} == {"Mysuru"}


@pytest.mark.parametrize(
    "conflicts",
    [{"ignore_conflicts": True}, {"update_conflicts": True, "update_fields": ["city"]}],
)
def test_bulk_create_refuses_what_it_could_not_log(log, conflicts):
    with pytest.raises(CannotBeLogged):
        Patient.objects.bulk_create(PatientFactory.build_batch(1), **conflicts)

    assert Patient.objects.count() == 0
    assert log.events() == []


def test_bulk_update_logs_each_row_that_it_changes(log):
    first, second = PatientFactory.create_batch(2, city="Mysuru", street="Old")
    first.city, second.city = "Mandya", "Mysuru"
    first.street = second.street = Concat(F("street"), Value(" Road"))
    log.forget()

    count = Patient.objects.bulk_update([first, second], ["city", "street"])

    assert count == 2
    assert [(event.object_pk, event.changes) for event in log.events()] == [
        (str(first.pk), {"street": ["Old", "Old Road"], "city": ["Mysuru", "Mandya"]}),
        (str(second.pk), {"street": ["Old", "Old Road"]}),
    ]


def test_bulk_update_logs_only_the_rows_of_its_own_query(log):
    first, second = PatientFactory.create_batch(2, city="Mysuru")
    first.city = second.city = "Mandya"
    log.forget()

    Patient.objects.filter(pk=first.pk).bulk_update([first, second], ["city"])

    assert log.event().object_pk == str(first.pk)
    assert Patient.objects.get(pk=second.pk).city == "Mysuru"


def test_a_row_whose_patient_is_in_another_table_is_logged_when_it_changes(log, log_model, make_appointment):
    appointment = make_appointment()
    claim = SlotClaim.objects.create(appointment=appointment, doctor=appointment.doctor, cell=1)
    log_model(SlotClaim, patient="appointment__patient_id")
    log.forget()

    claim = SlotClaim.objects.get(pk=claim.pk)
    claim.cell = 2
    claim.save()

    assert log.event().patient_id == appointment.patient_id
    assert log.event().changes == {"cell": [1, 2]}


def test_update_finds_patients_in_another_table(log, log_model, make_appointment):
    first, second = make_appointment(), make_appointment()
    for cell, one in enumerate([first, second]):
        SlotClaim.objects.create(appointment=one, doctor=one.doctor, cell=cell)
    log_model(SlotClaim, patient="appointment__patient_id")
    log.forget()

    AuditedQuerySet(SlotClaim).update(seat=3)

    assert [(event.patient_id, event.changes) for event in log.events()] == [
        (first.patient_id, {"seat": [0, 3]}),
        (second.patient_id, {"seat": [0, 3]}),
    ]


def test_bulk_create_logs_each_row_where_the_database_does_not_tell_the_keys(log, monkeypatch):
    monkeypatch.setattr(type(connection.features), "can_return_rows_from_bulk_insert", False)

    patients = Patient.objects.bulk_create(PatientFactory.build_batch(2))

    assert [event.object_pk for event in log.events()] == [str(row.pk) for row in patients]
    assert None not in {row.pk for row in patients}


def test_more_rows_than_one_statement_takes_are_all_changed_and_logged(log):
    Patient.objects.bulk_create(PatientFactory.build_batch(1001))
    log.forget()

    assert Patient.objects.update(city="Mandya") == 1001
    assert AuditEvent.objects.filter(pk__gt=log.start, action="update").count() == 1001


def test_update_of_moments_logs_them_in_utc(log, make_appointment):
    appointment = make_appointment()
    later = appointment.starts_at + timedelta(minutes=5)
    log.forget()

    Appointment.objects.filter(pk=appointment.pk).update(starts_at=later)

    assert log.event().changes == {
        "starts_at": [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (appointment.starts_at, later)]
    }
    assert log.event().object_repr == appointment.reference
