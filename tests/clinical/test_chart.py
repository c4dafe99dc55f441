"""The chart of a patient, the patient's own page of a visit, and emergency access."""

import pytest

from audit.models import Anomaly, AuditEvent
from clinical.admin.chart import charted_models
from clinical.models import EmergencyAccess
from clinical.services import reassess_allergy, record_allergy, release_result, verify_result
from hms.core.rights import SYSTEM
from tests.clinical.lab_rows import acknowledged, corrected
from tests.clinical.rows import PEANUTS, PENICILLIN, doctor_at_work, finished, patient_of, visit_today
from tests.factories import NurseFactory, carer_of, staff

pytestmark = pytest.mark.django_db

PASSWORD = "a long password for tests"


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def visit(doctor):
    return visit_today(doctor)


@pytest.fixture
def at_work(client, doctor):
    client.force_login(doctor.user)
    return client


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


# one for each kind of record and one for the rows shown, the three grounds, and what stands beside them
QUERIES_OF_CHART = len(charted_models()) + 1 + 3 + 21


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
def test_a_search_of_the_chart_looks_through_whole_records_but_private_notes(at_work, doctor, visit):
    long = "Cough since Monday. " * 20 + "Pallor."
    finished(doctor, visit.patient, history=long, advice="Salt-free diet", private_note="Quarrels at home")
    page = f"/admin/chart/{visit.patient.mrn}/"

    found = {
        word: len(at_work.get(page, {"q": word}).context["page"].object_list)
        for word in ("pallor", "diet", "quarrels")
    }

    assert found == {"pallor": 1, "diet": 1, "quarrels": 0}


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


# Words of statuses that take back what a row says.
TAKEN_BACK = {"entered_in_error", "refuted", "withdrawn", "cancelled", "replaced"}


@pytest.mark.feature("C07")
@pytest.mark.parametrize("model", charted_models(), ids=lambda model: model._meta.model_name)
def test_every_kind_of_row_says_in_which_statuses_it_no_longer_holds(model):
    statuses = {value for field in model._meta.fields if field.name == "status" for value, _ in field.choices}

    assert set(model.void_statuses) == statuses & TAKEN_BACK


@pytest.mark.feature("C07")
def test_rows_that_no_longer_hold_are_struck_through_with_the_reason(at_work, doctor, visit):
    allergy = record_allergy(patient=visit.patient, **PENICILLIN, by=doctor.user)
    record_allergy(patient=visit.patient, **PEANUTS, by=doctor.user)
    reassess_allergy(allergy=allergy, status="refuted", reason="Tolerated it twice", by=doctor.user)

    answer = at_work.get(f"/admin/chart/{visit.patient.mrn}/")

    lines = {line.title: line.void for line in answer.context["page"].object_list}
    assert lines == {"Peanuts": "", "Penicillin": "Refuted: Tolerated it twice"}
    assert "<del>Penicillin</del>" in answer.text
    assert "<del>Peanuts</del>" not in answer.text


@pytest.mark.feature("C06")
@pytest.mark.parametrize("count", [1, 3])
def test_a_corrected_result_is_struck_through_once_the_correction_is_released(
    count, at_work, doctor, django_assert_num_queries
):
    patient = patient_of(doctor)
    wrong = [acknowledged(doctor, "7.2", patient=patient) for _number in range(count)]
    page = f"/admin/chart/{patient.mrn}/?kind=labresult"

    def lines() -> list[tuple[str, str, str]]:
        rows = at_work.get(page).context["page"].object_list
        return sorted((line.title, line.void, line.doubt) for line in rows)

    right = [corrected(result, "4.2") for result in wrong]
    meanwhile = lines()
    for result in right:
        release_result(result=verify_result(result=result, by=SYSTEM), by=SYSTEM)
    with django_assert_num_queries(QUERIES_OF_RESULTS):
        after = lines()

    old, new = "Potassium: 7.2 mmol/L", "Potassium: 4.2 mmol/L"
    assert meanwhile == [(old, "", "The laboratory is correcting this result.")] * count
    assert after == [(new, "", "")] * count + [(old, "Corrected by a later result", "")] * count
    assert "<del>Critically high" in at_work.get(page).text


# one kind, its rows, three grounds, orders with tests and with all results, and what stands beside them
QUERIES_OF_RESULTS = 1 + 1 + 3 + 3 + 18
