"""Doctors and nurses keep the list of allergies in the staff site, through the services."""

import pytest

from clinical.models import Allergy
from clinical.services import record_allergy
from tests.clinical.rows import PENICILLIN, doctor_at_work, patient_of
from tests.factories import PatientFactory
from tests.opened import send
from tests.scheduling.pages import links

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C03")]
LIST = "/admin/clinical/allergy/"


@pytest.fixture
def doctor(client):
    doctor = doctor_at_work()
    client.force_login(doctor.user)
    return doctor


@pytest.fixture
def patient(doctor):
    return patient_of(doctor)


@pytest.fixture
def penicillin(patient, doctor):
    return record_allergy(patient=patient, **PENICILLIN, by=doctor.user)


def rows() -> list[tuple]:
    return list(Allergy.objects.order_by("pk").values_list("substance", "status", "is_none_known"))


def errors(response) -> list[str]:
    form = response.context["adminform"].form
    return [str(message) for messages in form.errors.values() for message in messages]


def test_a_doctor_records_an_allergy(client, patient, doctor):
    response = client.post(f"{LIST}add/", PENICILLIN | {"patient": patient.pk, "is_confirmed": "on"})

    assert response.status_code == 302
    assert rows() == [("Penicillin", "confirmed", False)]
    assert Allergy.objects.get().recorded_by == doctor.user


def test_the_chart_leads_to_a_form_for_its_patient_and_the_form_back(client, patient):
    chart = f"/admin/chart/{patient.mrn}/"
    to_form = f"{LIST}add/?patient={patient.mrn}&next={chart}"

    linked = links(client.get(chart))
    form = client.get(to_form).context["adminform"].form
    saved = client.post(to_form, PENICILLIN | {"patient": patient.pk})

    assert to_form in linked
    assert form.initial["patient"] == patient.pk
    assert (saved.status_code, saved["Location"]) == (302, chart)


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_a_form_opened_for_somebody_elses_patient_names_nobody_and_stays_here(client, patient, elsewhere):
    to_form = f"{LIST}add/?patient={PatientFactory().mrn}&next={elsewhere}"

    form = client.get(to_form).context["adminform"].form
    saved = client.post(to_form, PENICILLIN | {"patient": patient.pk})

    assert form.initial["patient"] is None
    assert (saved.status_code, saved["Location"]) == (302, LIST)


def test_a_doctor_states_that_none_is_known(client, patient):
    client.post(f"{LIST}add/", {"patient": patient.pk, "is_none_known": "on"})

    assert rows() == [("", "unconfirmed", True)]


def test_a_refusal_is_shown_at_the_form(client, patient, penicillin):
    twice = client.post(f"{LIST}add/", PENICILLIN | {"patient": patient.pk})
    beside = client.post(f"{LIST}add/", {"patient": patient.pk, "is_none_known": "on"})
    empty = client.post(f"{LIST}add/", {"patient": patient.pk})
    strange = client.post(f"{LIST}add/", PENICILLIN | {"patient": PatientFactory().pk})

    assert errors(twice) == ["This is already on the patient's list."]
    assert errors(beside) == ["There are allergies on the patient's list; refute or resolve them first."]
    assert errors(empty) == ["Enter substance, category and risk, or state that no allergies are known."]
    assert errors(strange) == ["Select a valid choice. That choice is not one of the available choices."]
    assert rows() == [("Penicillin", "unconfirmed", False)]


def test_the_status_is_changed_by_a_step_with_its_reason(client, penicillin):
    page = f"{LIST}{penicillin.pk}/change/"

    without = send(client, page, {"becomes": "refuted"})
    send(client, page, {"becomes": "refuted", "reason": "Skin test negative"})

    assert errors(without) == ["Give a reason."]
    assert Allergy.objects.values_list("status", "status_reason").get() == ("refuted", "Skin test negative")


def test_the_statement_that_none_is_known_cannot_be_confirmed(client, patient):
    answers = {"patient": patient.pk, "is_none_known": "on", "is_confirmed": "on"}

    assert errors(client.post(f"{LIST}add/", answers)) == ["Only an allergy can be confirmed."]
    assert rows() == []
