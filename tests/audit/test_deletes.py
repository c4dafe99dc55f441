"""Deleted rows, one, many or by cascade: the log keeps the whole row."""

import copy

import pytest

from accounts.models import Guardianship, Patient
from scheduling.models import Appointment, SlotClaim
from tests.factories import GuardianshipFactory, PatientFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U02")]


def test_deleting_a_row_keeps_the_whole_row_also_from_a_stale_instance(log):
    patient = PatientFactory(city="Mysuru")
    stale = copy.copy(patient)
    Patient.objects.filter(pk=patient.pk).update(city="Mandya")
    created = log.events()[0]
    log.forget()

    stale.delete()

    event = log.event()
    before = {name: value for name, (value, _after) in event.changes.items()}
    assert (event.action, event.patient_id, event.object_repr) == (
        "delete",
        patient.pk,
        patient.mrn,
    )
    assert {after for _before, after in event.changes.values()} == {None}
    assert before == {name: after for name, (_, after) in created.changes.items()} | {"city": "Mandya"}


def test_deleting_what_is_already_gone_logs_nothing(log):
    patient = PatientFactory()
    stale = copy.copy(patient)
    patient.delete()
    log.forget()

    stale.delete()

    assert log.events() == []


def test_deleting_a_query_set_logs_every_row_with_one_insert(log, django_assert_num_queries):
    rows = GuardianshipFactory.create_batch(3)
    log.forget()

    with django_assert_num_queries(4):  # lock, select, delete, log
        Guardianship.objects.all().delete()

    assert [(event.action, event.object_pk, event.patient_id) for event in log.events()] == [
        ("delete", str(row.pk), row.patient_id) for row in reversed(rows)
    ]
    assert {event.changes["relation"][0] for event in log.events()} == {"self"}


def test_a_raw_delete_is_logged(log):
    guardianship = GuardianshipFactory(may_pay=False)
    log.forget()

    rows = Guardianship.objects.filter(pk=guardianship.pk)
    rows._raw_delete(rows.db)

    event = log.event()
    assert (event.action, event.patient_id) == ("delete", guardianship.patient_id)
    assert event.changes["may_pay"] == [False, None]


def test_a_cascade_is_logged_and_finds_its_patient_in_another_table(log, log_model, make_appointment):
    log_model(SlotClaim, patient="appointment__patient_id")
    appointment = make_appointment()
    claim = SlotClaim.objects.create(appointment=appointment, doctor=appointment.doctor, cell=1)
    log.forget()

    Appointment.objects.filter(pk=appointment.pk).delete()

    assert [(event.action, event.model, event.object_pk, event.patient_id) for event in log.events()] == [
        ("delete", "scheduling.slotclaim", str(claim.pk), appointment.patient_id),
        ("delete", "scheduling.appointment", str(appointment.pk), appointment.patient_id),
    ]


def test_a_login_that_nobody_needs_any_more_keeps_its_entries(log):
    user = UserFactory()
    user.delete()

    assert [(event.action, event.object_repr) for event in log.events()] == [
        ("create", user.email),
        ("delete", user.email),
    ]
