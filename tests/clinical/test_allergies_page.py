"""The patient's page of allergies distinguishes not asked, none known and some."""

import pytest

from clinical.services import reassess_allergy, record_allergy, record_no_known_allergies
from tests.clinical.rows import PEANUTS, PENICILLIN, doctor_at_work, patient_of
from tests.costs import READ
from tests.factories import GuardianshipFactory, PatientFactory, carer_of
from tests.scheduling.pages import links, text, title

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C03")]
PAGE = "/me/records/allergies/"
# session, person, people, allergies
QUERIES = 4 + READ
SUBSTANCES = ("Penicillin", "Ibuprofen", "Latex")


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def patient(doctor):
    return patient_of(doctor, full_name="Sunita Deshpande")


@pytest.fixture
def carer(client, patient):
    user = carer_of(patient)
    client.force_login(user)
    return user


def test_the_list_shows_substance_reaction_risk_and_status(client, patient, doctor, carer):
    record_allergy(patient=patient, **PENICILLIN, is_confirmed=True, by=doctor.user)
    resolved = record_allergy(patient=patient, **PEANUTS, by=doctor.user)
    reassess_allergy(allergy=resolved, status="resolved", by=doctor.user)

    response = client.get(PAGE)

    assert title(response) == "Allergies"
    assert "Penicillin Medicine Rash High Confirmed" in text(response)
    assert "No longer on the list" in text(response)
    assert "Peanuts Food Not recorded Low Resolved" in text(response)


def test_not_asked_and_none_known_are_shown_differently(client, patient, doctor, carer):
    before = text(client.get(PAGE))
    record_no_known_allergies(patient=patient, by=doctor.user)

    after = text(client.get(PAGE))

    assert "Nobody has asked about allergies yet." in before
    assert "No known allergies, as stated on" in after
    assert "Nobody has asked" not in after


def test_allergies_entered_in_error_are_not_shown(client, patient, doctor, carer):
    wrong = record_allergy(patient=patient, **PENICILLIN, by=doctor.user)
    reassess_allergy(allergy=wrong, status="entered_in_error", reason="Other patient", by=doctor.user)

    assert "Penicillin" not in text(client.get(PAGE))


def test_people_whose_records_the_user_may_not_see_are_left_out(client, doctor, carer):
    child = patient_of(doctor, full_name="Dev Deshpande")
    GuardianshipFactory(user=carer, patient=child, relation="parent", may_see_records=False)
    record_allergy(patient=child, **PENICILLIN, by=doctor.user)

    pages = [client.get(PAGE), client.get(f"{PAGE}?person={child.reference}")]

    assert ["Dev" in page.text or "Penicillin" in page.text for page in pages] == [False, False]


def test_the_page_can_show_one_person_and_is_linked_from_the_records(client, patient, doctor, carer):
    child = patient_of(doctor, full_name="Dev Deshpande")
    GuardianshipFactory(user=carer, patient=child, relation="parent")
    record_allergy(patient=patient, **PENICILLIN, by=doctor.user)

    response = client.get(f"{PAGE}?person={child.reference}")

    assert "Penicillin" not in text(response)
    assert PAGE in links(client.get("/me/records/"))
    assert f"{PAGE}?person={child.reference}" in links(client.get(f"/me/records/?person={child.reference}"))


def test_a_user_without_patients_sees_why_the_page_is_empty(client):
    client.force_login(GuardianshipFactory(may_see_records=False).user)

    assert "No records to show" in text(client.get(PAGE))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    count, client, doctor, carer, django_assert_num_queries
):
    for number in range(count):
        patient = patient_of(doctor)
        GuardianshipFactory(user=carer, patient=patient, relation="child")
        record_allergy(patient=patient, **PENICILLIN | {"substance": SUBSTANCES[number]}, by=doctor.user)
    client.get("/me/")

    with django_assert_num_queries(QUERIES):
        response = client.get(PAGE)

    assert [name in text(response) for name in SUBSTANCES].count(True) == count


def test_allergies_of_others_are_not_shown(client, patient, doctor, carer):
    record_allergy(patient=patient, **PENICILLIN, by=doctor.user)
    client.force_login(carer_of(PatientFactory()))

    assert "Penicillin" not in text(client.get(f"{PAGE}?person={patient.reference}"))
