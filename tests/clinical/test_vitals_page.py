"""A nurse or doctor records vital signs at a visit; the patient reads them in plain words."""

from datetime import date

import pytest

from clinical.services import record_vitals, withdraw_vitals
from tests.clinical.rows import doctor_at_work, patient_of
from tests.costs import READ, READ_BY_STAFF
from tests.factories import GuardianshipFactory, at, carer_of
from tests.scheduling.pages import links, text, title

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C02")]
PAGE = "/me/records/vitals/"
# session, person, people, vital signs
QUERIES = 4 + READ
# session, person, permissions twice, appointment, vital signs
STAFF_QUERIES = 6 + READ_BY_STAFF
TYPED = {"temperature_c": "101.2 F", "pulse": "112", "blood_pressure": "118/76", "weight_kg": "150 lb"}
COMPLETE = TYPED | {"respirations": "22", "oxygen_saturation": "94", "on_oxygen": "air", "consciousness": "A"}


@pytest.fixture
def doctor(client):
    doctor = doctor_at_work()
    client.force_login(doctor.user)
    return doctor


@pytest.fixture
def patient(doctor):
    return patient_of(doctor, full_name="Sunita Deshpande", date_of_birth=date(1980, 5, 1), gender="female")


def words_of(response) -> str:
    return text(response).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def carer(client, patient):
    user = carer_of(patient)
    client.force_login(user)
    return user


def test_the_patient_reads_the_last_values_and_their_change_in_plain_words(client, patient, doctor, carer):
    for day, pulse in ((9, 72), (2, 110)):
        record_vitals(patient=patient, measured_at=at(9, days=-day), pulse=pulse, by=doctor.user)

    response = client.get(PAGE)

    assert title(response) == "Vital signs"
    assert "110/min above the usual range" in words_of(response)
    assert f"up 38/min since {at(9, days=-9):%-d %b %Y}" in words_of(response)
    assert "<svg" in response.text
    assert PAGE in links(client.get("/me/records/"))


def test_errors_and_people_whose_records_are_closed_are_not_shown(client, patient, doctor, carer):
    wrong = record_vitals(patient=patient, pulse=72, by=doctor.user)
    withdraw_vitals(vitals=wrong, reason="Other patient", by=doctor.user)
    child = patient_of(doctor, full_name="Dev Deshpande")
    GuardianshipFactory(user=carer, patient=child, relation="parent", may_see_records=False)
    record_vitals(patient=child, pulse=99, by=doctor.user)

    said = [words_of(client.get(address)) for address in (PAGE, f"{PAGE}?person={child.reference}")]

    assert ["72/min" in each or "99/min" in each or "Dev" in each for each in said] == [False, False]
    assert "Nothing has been measured yet." in said[0]


def test_several_people_are_shown_without_charts_which_are_a_link_away(client, patient, doctor, carer):
    child = patient_of(doctor, full_name="Dev Deshpande")
    GuardianshipFactory(user=carer, patient=child, relation="parent")
    for day in (1, 2):
        record_vitals(patient=child, measured_at=at(9, days=-day), pulse=99, by=doctor.user)

    both, one = client.get(PAGE), client.get(f"{PAGE}?person={child.reference}")

    assert ['<svg class="plot"' in response.text for response in (both, one)] == [False, True]
    assert f"?person={child.reference}" in links(both)
    assert "Sunita" not in words_of(one).replace("Sunita Deshpande Dev", "")


@pytest.mark.parametrize("count", [1, 3])
def test_the_patients_page_costs_the_same_for_one_and_for_three(
    count, client, doctor, carer, django_assert_num_queries
):
    for number in range(count):
        patient = patient_of(doctor)
        GuardianshipFactory(user=carer, patient=patient, relation="child")
        record_vitals(patient=patient, pulse=70 + number, by=doctor.user)
    client.get("/me/")

    with django_assert_num_queries(QUERIES):
        response = client.get(PAGE)

    assert words_of(response).count("in the usual range") + words_of(response).count("range") >= count
