"""Administrators keep the words by which disciplines and complaints are found."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.models import Complaint, Discipline
from scheduling.services.complaints import save_complaint, save_discipline
from scheduling.services.shipped import load_first_complaints
from tests.factories import doctor_with_hours, staff
from tests.opened import boxes_of
from tests.scheduling.admin_day import change_page, errors, list_page, page

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S15")]


def test_an_administrator_adds_a_word_and_finds_by_it(client, administrator):
    doctor_with_hours(full_name="Dr Asha Rao", specialization__name="Cardiologist")
    row = Complaint.objects.get(name="Palpitations, heart trouble")

    form = boxes_of(client.get(change_page(row)))
    client.post(change_page(row), form | {"words": form["words"][0] + "\nbutterflies"})

    assert "Dr Asha Rao" in client.get("/doctors/?q=buterflies").text


def test_a_new_emergency_raises_the_alarm(client, administrator):
    form = {"name": "Jellyfish", "words": "stung in the sea", "urgency": "emergency", "position": 1}
    form["discipline"] = Discipline.objects.get(name="Dermatology").pk

    client.post(page("scheduling_complaint_add"), form)

    assert "This is an emergency" in client.post("/find-care/", {"words": "I was stung in the sea"}).text


@pytest.mark.parametrize("words", ["very bad", "not", "heart\nsince today"])
def test_a_phrase_of_which_nothing_is_left_is_refused(client, administrator, words):
    row = Discipline.objects.get(name="Cardiology")

    response = client.post(change_page(row), boxes_of(client.get(change_page(row))) | {"words": words})

    phrase = words.splitlines()[-1]
    assert errors(response) == {"words": [f"“{phrase}” has no word by which anything can be found."]}


def test_the_list_shows_which_names_belong_to_a_discipline(
    client, administrator, django_assert_max_num_queries
):
    doctor_with_hours(full_name="Dr Asha Rao", specialization__name="Heart doctor", department__name="Hearts")
    doctor_with_hours(
        full_name="Dr Vikram Rao", specialization__name="Cardiologist", department__name="Other"
    )

    with django_assert_max_num_queries(20):
        shown = client.get(list_page(Discipline))

    assert "2: Cardiologist, Heart doctor, Hearts" in shown.text
    assert "2: Cardiologist" in client.get(change_page(Discipline.objects.get(name="Cardiology"))).text


def test_a_discipline_in_use_is_not_deleted(client, administrator):
    response = client.post(page("scheduling_discipline_delete", Discipline.objects.get(name="Cardiology").pk))

    assert response.context["protected"] == ["complaints"]


@pytest.mark.parametrize("role", ["receptionist", "doctor"])
def test_only_administrators_change_words(role):
    for save, row in (
        (save_complaint, Complaint.objects.first()),
        (save_discipline, Discipline.objects.first()),
    ):
        with pytest.raises(NotAllowed):
            save(**{row._meta.model_name: row}, by=staff(role))


def test_a_discipline_is_named_once():
    with pytest.raises(ValidationError) as refused:
        save_discipline(discipline=Discipline(name="CARDIOLOGY"), by=SYSTEM)

    assert refused.value.message_dict == {"name": ["“Cardiology” already exists."]}


def test_the_first_rows_are_written_once_and_logged():
    Event = apps.get_model("audit", "AuditEvent")
    assert load_first_complaints() == []

    Complaint.objects.all().delete()
    Discipline.objects.update(instead=None)
    Discipline.objects.all().delete()
    said = load_first_complaints()

    assert said == ["25 disciplines and 52 complaints have been added."]
    assert Discipline.objects.get(name="Nephrology").instead.name == "General Medicine"
    assert Event.objects.filter(reason="Came with the software").exists()
