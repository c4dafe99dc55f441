import pytest

from accounts.models import Patient
from accounts.names import family_key, name_key, tidy, tidy_postcode
from tests.factories import PatientFactory


def test_tidy_normalises_characters_and_spaces():
    assert tidy("  Jose\u0301   Pereira\t") == "José Pereira"


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("560 025", "India", "560025"),
        ("560 025", " INDIA ", "560025"),
        ("sw1a  1aa", "United Kingdom", "SW1A 1AA"),
        ("", "India", ""),
    ],
)
def test_postcode_is_normalised_by_country(typed, country, kept):
    assert tidy_postcode(typed, country) == kept


def test_name_keys_ignore_case_and_extra_spaces():
    assert (name_key(" Asha  RAO "), family_key(" Asha  RAO ")) == ("asha rao", "rao")


def test_a_single_name_has_no_family_key():
    assert family_key("Madhavan") == ""


@pytest.mark.django_db
def test_keys_are_updated_when_only_the_name_is_saved():
    patient = PatientFactory(full_name="Asha Rao")

    patient.full_name = "Asha Menon"
    patient.save(update_fields=["full_name"])

    kept = Patient.objects.values_list("name_key", "family_key").get()
    assert kept == ("asha menon", "menon")


@pytest.mark.django_db
def test_keys_are_set_when_patients_are_created_in_bulk():
    patient = PatientFactory.build(full_name="Asha Rao")

    Patient.objects.bulk_create([patient])

    assert Patient.objects.values_list("name_key", "family_key").get() == ("asha rao", "rao")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["asha", "ASHA R", "rao", "ra", "+919845012345", "98450 12345", "h000007", "7", "ASHA@ex"]
)
def test_search_finds_a_patient_by_name_phone_number_and_email(typed):
    asha = PatientFactory(
        full_name="Asha Rao", phone="+919845012345", mrn="H000007", email="asha@example.org"
    )
    PatientFactory(full_name="Vikram Basharao", phone="+919845054321", mrn="H000008", email="v@a.org")

    assert list(Patient.objects.matching(typed)) == [asha]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["sha", "984501", "H0000", "12345", "@example.org"])
def test_search_does_not_match_inside_a_word_or_number(typed):
    PatientFactory(full_name="Asha Rao", phone="+919845012345", mrn="H000007", email="asha@example.org")

    assert list(Patient.objects.matching(typed)) == []
