"""The chart of a patient, the patient's own page of a visit, and emergency access."""

import pytest

from audit.models import Anomaly, AuditEvent
from clinical.admin.chart import charted_models
from clinical.models import EmergencyAccess
from clinical.services import record_allergy
from tests.clinical.rows import PENICILLIN, doctor_at_work, finished, visit_today
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
