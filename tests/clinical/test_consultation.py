"""The page on which a doctor works through a visit, and the pages beside it."""

import re

import pytest

from audit.models import Anomaly, AuditEvent
from clinical.admin.chart import charted_models
from clinical.models import EmergencyAccess, Encounter
from clinical.services import (
    DiagnosisLine,
    finish_visit,
    open_encounter,
    record_allergy,
    save_draft,
)
from tests.clinical.rows import PENICILLIN, TEXTS, doctor_at_work, visit_today
from tests.factories import NurseFactory, carer_of, staff
from tests.opened import opened

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C01")]

PASSWORD = "a long password for tests"
LINES = {
    "diagnosis-TOTAL_FORMS": "2",
    "diagnosis-INITIAL_FORMS": "0",
    "diagnosis-0-title": "Flu",
    "diagnosis-0-code": "J11.1",
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
    at_work.post(page)
    return Encounter.objects.get(appointment=visit)


def typed(client, page, **texts) -> dict:
    return opened(client, page) | LINES | texts


def finished(doctor, patient=None, **texts) -> Encounter:
    encounter = open_encounter(appointment=visit_today(doctor, patient), by=doctor.user)
    lines = [DiagnosisLine("Flu", "J11.1")]
    save_draft(encounter=encounter, **TEXTS | texts, diagnoses=lines, by=doctor.user)
    return finish_visit(encounter=encounter, by=doctor.user)


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
    assert [str(row) for row in draft.diagnoses.all()] == ["Flu (J11.1)"]


def test_a_draft_saves_itself_and_the_page_goes_on_with_the_new_fingerprint(at_work, page, draft):
    form = typed(at_work, page, plan="Rest")
    answer = at_work.post(f"{page}?autosave=1", form)
    fingerprint = re.search(r'name="fingerprint" [^>]*value="([^"]+)"', answer.text)[1]
    form |= {"fingerprint": fingerprint, "plan": "Rest and fluids"}
    again = at_work.post(f"{page}?autosave=1", form)

    draft.refresh_from_db()
    assert [str(row) for row in draft.diagnoses.all()] == ["Flu (J11.1)"]
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


@pytest.mark.feature("C07")
@pytest.mark.parametrize("rows", [1, 3])
def test_the_chart_asks_the_same_for_one_row_and_for_three(
    rows, at_work, doctor, visit, django_assert_num_queries
):
    for _row in range(rows):
        finished(doctor, visit.patient)
    page = f"/admin/chart/{visit.patient.mrn}/"
    at_work.get(page)

    with django_assert_num_queries(QUERIES_OF_CHART):
        response = at_work.get(page)

    assert len(response.context["page"].object_list) == rows


# one for each kind of record, and what stands beside them
QUERIES_OF_CHART = len(charted_models()) + 17


@pytest.mark.feature("C07")
def test_the_chart_is_filtered_and_searched(at_work, doctor, visit):
    record_allergy(patient=visit.patient, **PENICILLIN, by=doctor.user)
    finished(doctor, visit.patient)
    page = f"/admin/chart/{visit.patient.mrn}/"

    def kinds(**asked) -> list[str]:
        return [line.kind for line in at_work.get(page, asked).context["page"].object_list]

    assert kinds() == ["encounter", "allergy"]
    assert kinds(kind="allergy") == ["allergy"]
    assert kinds(q="THROAT red") == ["encounter"]
    assert kinds(q="nothing like it") == []


@pytest.mark.feature("C07")
def test_the_chart_never_shows_a_private_note_and_is_closed_to_strangers(client, doctor, visit):
    encounter = finished(doctor, visit.patient)
    page = f"/admin/chart/{visit.patient.mrn}/"
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    answers = {}

    for name, user in {
        "nurse": nurse.user,
        "other": doctor_at_work().user,
        "desk": staff("receptionist"),
    }.items():
        client.force_login(user)
        answers[name] = client.get(page)

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "nurse": 200,
        "other": 404,
        "desk": 403,
    }
    assert "Viral" in answers["nurse"].text
    assert encounter.private_note not in answers["nurse"].text
    denied = AuditEvent.objects.filter(model="accounts.patient").exclude(outcome="done")
    assert denied.count() == 1


@pytest.mark.feature("C07")
def test_the_patient_reads_what_signing_releases(client, doctor):
    encounter = finished(doctor, advice="Drink warm fluids")
    client.force_login(carer_of(encounter.patient))

    text = client.get(encounter.get_absolute_url()).text

    assert "Flu" in text
    assert "Drink warm fluids" in text
    assert [hidden in text for hidden in ("Worried", "Red throat", "Viral")] == [False] * 3


@pytest.mark.feature("C09")
def test_emergency_access_asks_for_the_password_and_then_shows_the_chart(client, doctor):
    encounter = finished(doctor)
    helper = staff("doctor", password=PASSWORD)
    client.force_login(helper)
    form = {"mrn": encounter.patient.mrn, "reason": "Seizure in the lobby", "password": "wrong"}

    refused = client.post("/admin/emergency/", form)
    nobody = client.post("/admin/emergency/", form | {"mrn": "H999999", "password": PASSWORD})
    opened_chart = client.post("/admin/emergency/", form | {"password": PASSWORD}, follow=True)

    assert refused.context["form"].errors == {"password": ["This is not your password."]}
    assert nobody.context["form"].errors == {"mrn": ["There is no patient with this number."]}
    assert "Flu (J11.1)" in opened_chart.text
    assert "emergency-banner" in client.get("/admin/").text
    assert EmergencyAccess.objects.count() == Anomaly.objects.count() == 1
