"""One row saved or deleted: one entry, with what was there before and what is there now."""

import copy
import re
from datetime import date

import pytest
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Upper
from django.test.utils import isolate_apps

from accounts.models import Guardianship, Patient, User
from audit.capture.context import audit_context
from audit.models import Action
from audit.receivers import rows
from audit.signals import model_registered
from tests.factories import GuardianshipFactory, PatientFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U01")]


def test_creating_a_row_logs_every_column_that_is_not_empty(log):
    patient = PatientFactory()
    guardianship = Guardianship.objects.create(
        user=(user := UserFactory()), patient=patient, relation="self", consented_by=user
    )

    event = log.events()[-1]

    assert (event.action, event.model, event.object_pk, event.patient_id) == (
        "create",
        "accounts.guardianship",
        str(guardianship.pk),
        patient.pk,
    )
    logged = {name: after for name, (before, after) in event.changes.items() if before is None}
    assert logged.keys() == event.changes.keys()
    assert {name: logged[name] for name in ("id", "user", "patient", "relation", "may_book")} == {
        "id": guardianship.pk,
        "user": user.pk,
        "patient": patient.pk,
        "relation": "self",
        "may_book": True,
    }
    assert "revoked_at" not in logged


def test_changing_a_row_logs_the_columns_that_differ(log):
    patient = PatientFactory(full_name="Asha Rao", date_of_birth=date(1990, 1, 31))
    log.forget()

    patient.full_name, patient.date_of_birth = "Asha Iyer", date(1990, 2, 1)
    patient.save(update_fields=["full_name", "date_of_birth", "city"])

    event = log.event()
    assert (event.action, event.model, event.object_repr) == (
        "update",
        "accounts.patient",
        patient.mrn,
    )
    assert event.changes == {
        "full_name": ["Asha Rao", "Asha Iyer"],
        "date_of_birth": ["1990-01-31", "1990-02-01"],
    }
    assert event.patient_id == patient.pk


def test_a_stale_instance_is_logged_with_what_it_really_changed(log):
    patient = PatientFactory(city="Mysuru", street="1 Old Road")
    stale = copy.copy(patient)
    patient.city = "Bengaluru"
    patient.save()
    log.forget()

    stale.street = "2 New Road"
    stale.save()

    assert log.event().changes == {
        "street": ["1 Old Road", "2 New Road"],
        "city": ["Bengaluru", "Mysuru"],
    }


def test_saving_without_a_change_logs_nothing(log):
    patient = PatientFactory()
    log.forget()

    Patient.objects.get(pk=patient.pk).save()

    assert log.events() == []


def test_what_the_database_computes_is_logged_as_it_was_stored(log):
    patient = PatientFactory(city="Mysuru")
    log.forget()

    patient.city = Upper(F("city"))
    patient.save(update_fields=["city"])

    assert log.event().changes == {"city": ["Mysuru", "MYSURU"]}


def test_a_row_created_by_an_expression_is_logged_as_it_was_stored(log):
    patient = PatientFactory(city=Upper(Value("mysuru")))

    assert log.event().changes["city"] == [None, "MYSURU"]
    assert log.event().object_pk == str(patient.pk)


def test_an_instance_with_deferred_columns_is_logged(log):
    PatientFactory(city="Mysuru", mrn="T777777")
    log.forget()

    patient = Patient.objects.only("city").get(mrn="T777777")
    patient.city = "Mandya"
    patient.save()

    assert log.event().changes == {"city": ["Mysuru", "Mandya"]}
    assert log.event().object_repr == "T777777"


def test_get_or_create_logs_the_row_it_creates_and_not_the_one_it_finds(log):
    user, patient = UserFactory(), PatientFactory()
    wanted = {"user": user, "patient": patient}
    defaults = {"relation": "self", "consented_by": user}
    log.forget()

    for _ in range(2):
        Guardianship.objects.get_or_create(**wanted, defaults=defaults)

    assert [event.action for event in log.events()] == ["create"]


def test_update_or_create_logs_the_update(log):
    guardianship = GuardianshipFactory(may_pay=True)
    log.forget()

    Guardianship.objects.update_or_create(
        user=guardianship.user, patient=guardianship.patient, defaults={"may_pay": False}
    )

    event = log.event()
    assert (event.action, event.patient_id) == ("update", guardianship.patient_id)
    assert event.changes == {"may_pay": [True, False]}


def test_a_related_manager_logs_what_it_creates(log):
    user, patient = UserFactory(), PatientFactory()
    log.forget()

    patient.guardianships.create(user=user, relation="self", consented_by=user)

    assert (log.event().action, log.event().patient_id) == ("create", patient.pk)


def test_a_password_is_logged_as_changed_and_not_shown(log):
    user = UserFactory()
    created = log.events()[0]
    log.forget()

    user.set_password("another battery horse")
    user.save()

    before, after = log.event().changes["password"]
    assert created.changes["password"] == [None, before]
    assert re.fullmatch("•••0:[0-9a-f]{16}", before)
    assert re.fullmatch("•••0:[0-9a-f]{16}", after)
    assert before != after
    assert (log.event().object_repr, log.event().patient_id) == (user.email, None)


def test_a_column_that_is_not_logged_costs_no_entry_and_no_query(log, django_assert_num_queries):
    user = UserFactory()
    log.forget()

    user.last_login = user.joined_at
    with django_assert_num_queries(1):
        user.save(update_fields=["last_login"])

    assert log.events() == []


def test_a_change_of_rights_on_a_login_is_a_change_of_rights(log):
    user = UserFactory()
    log.forget()

    user.is_superuser = True
    user.save()

    assert log.event().action == Action.PERMISSION_CHANGE
    assert log.event().changes == {"is_superuser": [False, True]}


def test_a_new_row_costs_one_insert_more_and_a_change_one_select_and_one_insert(
    django_assert_num_queries,
):
    patient = PatientFactory.build()
    actor = UserFactory()

    with audit_context(actor=actor, source="page"):
        with django_assert_num_queries(2):
            patient.save()
        with django_assert_num_queries(3):
            patient.city = "Mandya"
            patient.save(update_fields=["city"])


def test_a_change_that_is_rolled_back_leaves_no_entry(log):
    patient = PatientFactory()
    log.forget()

    with transaction.atomic():
        patient.city = "Mandya"
        patient.save()
        transaction.set_rollback(True)

    assert Patient.objects.get(pk=patient.pk).city == ""
    assert log.events() == []


@pytest.mark.django_db(transaction=True)
def test_a_row_whose_entry_cannot_be_written_is_not_written_either(log):
    patient = PatientFactory(city="Mysuru")
    log.forget()

    patient.city = "Mandya"
    with pytest.raises(TypeError), audit_context(extra={"not JSON": object()}):
        patient.save()

    assert Patient.objects.get(pk=patient.pk).city == "Mysuru"
    assert log.events() == []


@isolate_apps()
def test_a_proxy_is_logged_as_its_concrete_model(log):
    class Person(User):
        class Meta:
            app_label = "accounts"
            proxy = True

    model_registered.send(User)
    Person.objects.create(email="proxy@example.org")
    rows.stop_listening(Person)

    assert (log.event().action, log.event().model) == ("create", "accounts.user")
