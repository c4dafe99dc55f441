"""Whoever sees the logins of people leaves an entry in the log, as for patients."""

import pytest

from audit.models import Action, AuditEvent, AuditSubject
from tests.factories import PatientFactory, UserFactory, carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U03")]
USERS = "/admin/accounts/user/"
READS = (Action.READ, Action.SEARCH, Action.EXPORT)


def only_read() -> AuditEvent:
    return AuditEvent.objects.get(action__in=READS)


def seen(event: AuditEvent) -> tuple:
    return event.action, event.details["shown"], event.details["people"]


def test_the_list_of_logins_is_an_entry_with_everybody_on_it(client, desk):
    shown = [desk, *UserFactory.create_batch(2)]
    staff("doctor")

    client.get(USERS)

    keys = sorted(user.pk for user in shown)
    assert seen(only_read()) == ("read", {"accounts.user": 3}, {"accounts.user": keys})


def test_a_search_for_a_login_keeps_the_words(client, desk):
    asha = UserFactory(full_name="Asha Rao")
    UserFactory(full_name="Vikram Iyer")

    client.get(USERS, {"q": "asha"})

    event = only_read()
    assert (event.details["search"], event.object_pk, event.object_repr) == ("asha", str(asha.pk), asha.email)
    assert seen(event) == ("search", {"accounts.user": 1}, {"accounts.user": [asha.pk]})


def test_the_page_of_a_login_is_a_read_of_it(client, administrator):
    asha = UserFactory(full_name="Asha Rao")

    client.get(f"{USERS}{asha.pk}/change/")

    event = only_read()
    assert (event.model, event.object_pk, event.details["view"]) == ("accounts.user", str(asha.pk), "form")


def test_what_a_box_suggests_is_a_search_for_logins(client, desk):
    asha = UserFactory(full_name="Asha Rao")
    box = {"app_label": "accounts", "model_name": "guardianship", "field_name": "user"}

    client.get("/admin/autocomplete/", {"term": "asha", **box})

    assert seen(only_read()) == ("search", {"accounts.user": 1}, {"accounts.user": [asha.pk]})


def test_an_export_of_logins_is_one_entry(client, administrator):
    client.post(f"{USERS}export/", {"format": "0"})

    assert seen(only_read()) == ("export", {"accounts.user": 1}, {"accounts.user": [administrator.pk]})


def test_the_desk_that_asks_for_the_login_of_staff_is_refused_and_logged(client, desk):
    doctor = staff("doctor")

    client.get(f"{USERS}{doctor.pk}/change/")

    event = only_read()
    assert (event.outcome, event.model, event.object_repr or event.object_pk) == (
        "refused",
        "accounts.user",
        str(doctor.pk),
    )


def test_a_patients_page_stays_an_entry_about_the_patient(client, desk):
    patient = PatientFactory()
    carer_of(patient)

    client.get(f"/admin/accounts/patient/{patient.pk}/change/")

    event = only_read()
    assert (event.model, event.patient_id, event.details["patients"]) == (
        "accounts.patient",
        patient.pk,
        [patient.pk],
    )
    assert list(AuditSubject.objects.values_list("event_id", "patient_id")) == [(event.pk, patient.pk)]


def test_pages_of_a_login_about_itself_leave_no_entry(client, carer):
    client.get("/accounts/password/change/")
    client.get("/accounts/sessions/")

    assert not AuditEvent.objects.filter(action__in=READS).exists()
