"""The staff site: the search for a diagnosis, and the list in which an administrator switches one off."""

import pytest

from clinical.models import DiagnosisTerm
from tests.clinical.rows import doctor_at_work
from tests.factories import staff
from tests.opened import send
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C12")]
PAGE = "/admin/diagnoses/"
LIST = "/admin/clinical/diagnosisterm/"
BY_HTMX = {"HX-Request": "true"}


@pytest.fixture
def doctor(client):
    doctor = doctor_at_work()
    client.force_login(doctor.user)
    return doctor


@pytest.fixture
def administrator(client):
    user = staff("administrator")
    client.force_login(user)
    return user


def test_the_page_works_without_scripts_and_names_the_sources(client, doctor):
    response = client.get(PAGE, {"q": "tenis elbow"})

    assert "1 diagnosis found for “tenis elbow”" in text(response)
    assert "Lateral epicondylitis M77.1 Built in, codes of WHO ICD-10 2019 · tennis elbow" in text(response)
    assert "<html" in response.text
    assert '<button type="submit" class="button button-quiet" name' not in response.text


def test_a_form_gets_buttons_with_key_code_and_title_and_the_text_itself(client, doctor):
    term = DiagnosisTerm.objects.get(code="M77.1")

    response = client.get(PAGE, {"q": "tennis elbow", "name": "choose"}, headers=BY_HTMX)

    assert "<html" not in response.text
    assert "HX-Request" in response.headers["Vary"]
    assert f'name="choose" value="{term.pk}" formnovalidate data-code="M77.1"' in response.text
    assert 'data-title="Lateral epicondylitis"' in response.text
    assert 'name="choose-text" value="tennis elbow"' in response.text


@pytest.mark.parametrize("name", ['x" onclick="y', "1", "a b", "x" * 99, ""])
def test_only_a_name_makes_buttons(client, doctor, name):
    response = client.get(PAGE, {"q": '"><script>', "name": name}, headers=BY_HTMX)

    assert "<button" not in response.text
    assert "<script" not in response.text


@pytest.mark.parametrize("typed", ["tennis elbow", "pain"])
def test_a_page_with_one_and_with_many_costs_the_same(typed, client, doctor, django_assert_num_queries):
    client.get(PAGE, {"q": typed})

    with django_assert_num_queries(8):  # session, person, permissions twice, doctor, sources, rows, sources
        client.get(PAGE, {"q": typed})


@pytest.mark.parametrize(("role", "status"), [("nurse", 200), ("receptionist", 403), ("billing_clerk", 403)])
def test_doctors_and_nurses_search_and_others_do_not(client, role, status):
    client.force_login(staff(role))

    assert client.get(PAGE, {"q": "cough"}).status_code == status


def test_an_administrator_finds_a_diagnosis_and_switches_it_off(client, administrator):
    term = DiagnosisTerm.objects.get(code="M77.1")

    found = client.get(LIST, {"q": "ELBOW Tennis"}).context["cl"].result_list
    send(client, f"{LIST}{term.pk}/change/", {})
    term.refresh_from_db()

    assert list(found) == [term]
    assert (term.is_active, term.title) == (False, "Lateral epicondylitis")


def test_an_administrator_switches_several_off_and_on(client, administrator):
    keys = list(DiagnosisTerm.objects.filter(code__in=["J00", "R05"]).values_list("pk", flat=True))
    inactive = DiagnosisTerm.objects.filter(is_active=False)

    client.post(LIST, {"action": "deactivate", "_selected_action": keys})
    off = sorted(inactive.values_list("code", flat=True))
    client.post(LIST, {"action": "activate", "_selected_action": keys[:1]})

    assert off == ["J00", "R05"]
    assert inactive.count() == 1


def test_a_doctor_reads_the_list_and_changes_nothing(client, doctor):
    term = DiagnosisTerm.objects.get(code="J00")

    client.post(LIST, {"action": "deactivate", "_selected_action": [term.pk]})
    answer = client.post(f"{LIST}{term.pk}/change/", {})

    assert answer.status_code == 403
    assert DiagnosisTerm.objects.get(code="J00").is_active


@pytest.mark.parametrize("typed", ["tennis", "pain"])
def test_the_list_costs_the_same_for_one_and_for_many(typed, client, doctor, django_assert_num_queries):
    client.get(LIST, {"q": typed})

    with django_assert_num_queries(8):
        client.get(LIST, {"q": typed})
