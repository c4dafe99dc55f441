"""The patient's page of allergies distinguishes not asked, none known and some."""

import pytest

from clinical.services import reassess_allergy, record_allergy, record_no_known_allergies
from tests.clinical.rows import PEANUTS, PENICILLIN, doctor_at_work, patient_of
from tests.factories import carer_of
from tests.scheduling.pages import text, title

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C03")]
PAGE = "/me/records/allergies/"


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
