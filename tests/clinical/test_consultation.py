"""The page on which a doctor works through a visit, and the pages beside it."""

import re

import pytest
from allauth.account.models import EmailAddress

from clinical.models import Encounter
from clinical.services import (
    DiagnosisLine,
    record_allergy,
    save_draft,
)
from tests.clinical.rows import PENICILLIN, TEXTS, doctor_at_work, finished, visit_today
from tests.factories import staff
from tests.opened import boxes_of, opened

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C01")]

PASSWORD = "a long password for tests"
LINES = {
    "diagnosis-TOTAL_FORMS": "2",
    "diagnosis-INITIAL_FORMS": "0",
    "diagnosis-0-title": "flu",
    "diagnosis-1-title": "",
}


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def visit(doctor):
    return visit_today(doctor, symptoms="Fever")


@pytest.fixture
def page(visit):
    return f"/admin/consultation/{visit.reference}/"


@pytest.fixture
def at_work(client, doctor):
    client.force_login(doctor.user)
    return client


@pytest.fixture
def draft(at_work, page, visit):
    at_work.post(page, opened(at_work, page))
    return Encounter.objects.get(appointment=visit)


def typed(client, page, **texts) -> dict:
    return opened(client, page) | LINES | texts


def test_looking_at_a_visit_begins_nothing(at_work, page, visit):
    response = at_work.get(page)

    assert "Begin the consultation" in response.text
    assert "Fever" in response.text
    assert not Encounter.objects.exists()


def test_a_doctor_begins_saves_and_finishes_a_visit(at_work, page, draft, visit, doctor):
    at_work.post(page, typed(at_work, page, assessment="Influenza", save="1"))
    draft.refresh_from_db()
    saved = (draft.complaint, draft.assessment, draft.status)
    at_work.post(page, typed(at_work, page, plan="Rest", finish="1"))

    draft.refresh_from_db()
    visit.refresh_from_db()
    assert saved == ("Fever", "Influenza", "draft")
    assert (draft.plan, draft.status, draft.signed_by, visit.status) == (
        "Rest",
        "signed",
        doctor.user,
        "completed",
    )
    assert [str(row) for row in draft.diagnoses.all()] == ["Influenza (J11.1)"]


def test_a_draft_saves_itself_and_the_page_goes_on_with_the_new_fingerprint(at_work, page, draft):
    form = typed(at_work, page, plan="Rest")
    answer = at_work.post(f"{page}?autosave=1", form)
    fingerprint = re.search(r'name="fingerprint" [^>]*value="([^"]+)"', answer.text)[1]
    form |= {"fingerprint": fingerprint, "plan": "Rest and fluids"}
    again = at_work.post(f"{page}?autosave=1", form)

    draft.refresh_from_db()
    assert [str(row) for row in draft.diagnoses.all()] == ["Influenza (J11.1)"]
    assert "Draft saved at" in answer.text
    assert "Draft saved at" in again.text
    assert draft.plan == "Rest and fluids"


def test_two_windows_never_overwrite_each_other(at_work, page, draft):
    first, second = typed(at_work, page, plan="Rest"), typed(at_work, page, plan="Antibiotics")
    at_work.post(page, first)

    by_itself = at_work.post(f"{page}?autosave=1", second)
    conflict = at_work.post(page, second)

    draft.refresh_from_db()
    assert draft.plan == "Rest"
    assert "changed in another window" in by_itself.text
    assert conflict.status_code == 409
    assert "Antibiotics" in conflict.text


def test_words_typed_into_a_draft_that_was_signed_meanwhile_are_not_lost(at_work, page, draft):
    old = typed(at_work, page, plan="Call on Monday")
    at_work.post(page, typed(at_work, page, plan="Rest", finish="1"))

    by_itself = at_work.post(f"{page}?autosave=1", old)
    offered = at_work.post(page, old)

    draft.refresh_from_db()
    assert "has been signed" in by_itself.text
    assert (offered.status_code, offered.context["addendum"]["text"].value()) == (409, "Plan: Call on Monday")
    assert (draft.plan, draft.addenda.count()) == ("Rest", 0)


def test_words_sent_after_the_login_has_ended_come_back_with_the_next_login(
    at_work, page, draft, visit, doctor
):
    words = typed(at_work, page, plan="Call on Monday", save="1")
    doctor.user.set_password(PASSWORD)
    doctor.user.save()
    EmailAddress.objects.create(user=doctor.user, email=doctor.user.email, verified=True, primary=True)
    del at_work.cookies["hms-session"]

    asked = at_work.post(page, words, follow=True)
    login = {"login": doctor.user.email, "password": PASSWORD, "next": page}
    back = at_work.post("/accounts/login/", login, follow=True)
    at_work.post(page, boxes_of(back))

    draft.refresh_from_db()
    assert asked.redirect_chain[-1][0].startswith("/accounts/login/?next=%2Fadmin%2Fconsultation%2F")
    assert "Call on Monday" in back.text
    assert draft.plan == "Call on Monday"


@pytest.mark.feature("C09")
def test_a_private_note_typed_meanwhile_is_shown_to_its_author_and_not_offered_as_an_addition(
    at_work, page, draft
):
    old = typed(at_work, page, plan="Call on Monday", private_note="Suspects violence")
    at_work.post(page, typed(at_work, page, plan="Rest", finish="1"))

    offered = at_work.post(page, old)

    assert offered.context["addendum"]["text"].value() == "Plan: Call on Monday"
    assert offered.context["unsaved"] == ["Suspects violence"]
    assert "Suspects violence" in offered.text


def test_diagnoses_changed_in_another_window_are_a_conflict_too(at_work, page, draft, doctor):
    old = typed(at_work, page)
    save_draft(
        encounter=draft,
        **TEXTS | {"complaint": "Fever", "examination": "", "assessment": "", "advice": ""},
        diagnoses=[DiagnosisLine("Dengue", "A97.9")],
        by=doctor.user,
    )

    response = at_work.post(page, old)

    assert response.status_code == 409
    assert [str(row) for row in draft.diagnoses.all()] == ["Dengue (A97.9)"]


def test_a_refusal_is_shown_where_it_was_entered(at_work, page, draft):
    response = at_work.post(page, typed(at_work, page, follow_up_on="2020-01-01", finish="1"))

    draft.refresh_from_db()
    assert response.context["form"].errors == {"follow_up_on": ["The follow-up must not be in the past."]}
    assert draft.status == "draft"


def test_after_a_refused_finish_the_corrected_form_is_no_conflict_with_itself(at_work, page, draft):
    wrong = typed(at_work, page, plan="Rest", test_lines="CBC, foo test", finish="1")

    refused = at_work.post(page, wrong)
    again = {name: field.value() or "" for name, field in form_fields(refused).items()}
    finished = at_work.post(page, LINES | again | {"test_lines": "CBC", "finish": "1"})

    draft.refresh_from_db()
    assert "foo test" in refused.text
    assert (finished.status_code, draft.status, draft.plan) == (302, "signed", "Rest")


def form_fields(response) -> dict:
    return {field.html_name: field for field in response.context["form"]}


def test_a_signed_record_is_read_and_added_to(at_work, doctor, client):
    encounter = finished(doctor)
    page = f"/admin/consultation/{encounter.appointment.reference}/"

    at_work.post(page, {"text": "Culture negative."})

    text = at_work.get(page).text
    assert [part in text for part in ("Flu (J11.1)", "Culture negative.", "Worried about work")] == [True] * 3
    colleague = doctor_at_work()
    visit_today(colleague, encounter.patient)
    client.force_login(colleague.user)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("role", ["receptionist", "billing_clerk", "auditor", "administrator", "nurse"])
def test_the_page_is_closed_to_everybody_else(role, client, page):
    client.force_login(staff(role))

    response = client.get(page)

    assert response.status_code == 403
    assert "Fever" not in response.text


def test_the_patients_facts_stay_in_sight(at_work, page, visit, doctor):
    record_allergy(patient=visit.patient, **PENICILLIN, by=doctor.user)
    finished(doctor, visit.patient)

    text = at_work.get(page).text

    assert [part in text for part in ("Penicillin", "high risk", "Flu (J11.1)")] == [True] * 3
