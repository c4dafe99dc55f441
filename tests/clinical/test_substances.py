"""The substance of an allergy, however it was written, means what the formulary calls it."""

import pytest

from clinical.models import Allergy
from clinical.prescribing.facts import AllergyTo
from clinical.services import record_allergy
from clinical.services.prescription_facts import vocabulary
from clinical.services.signing import check_draft
from tests.clinical.prescribing import write
from tests.clinical.rows import doctor_at_work, patient_of, visit_today
from tests.factories import PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C05"), pytest.mark.feature("C03")]

# What was recorded: the ingredients, the classes named, and the spelling it was read as.
MEANINGS = {
    "Frusemide": ({"furosemide"}, set(), ""),
    "frusimide": ({"furosemide"}, set(), "frusemide"),
    "penicilin": (set(), {"penicillin"}, "penicillin"),
    "Penicillins": (set(), {"penicillin"}, ""),
    "Amoxycillin syrup": ({"amoxicillin"}, {"penicillin"}, ""),
    "Amoxycilin": ({"amoxicillin"}, {"penicillin"}, "amoxycillin"),
    "Ampicillin": (set(), {"penicillin"}, ""),
    "Piperacillin": (set(), {"penicillin"}, ""),
    "Asprin": ({"aspirin"}, set(), "aspirin"),
    "Sulfa": (set(), {"sulfonamide"}, ""),
    "Sulpha drugs": (set(), {"sulfonamide"}, ""),
    "Co-trimoxazole": ({"sulfamethoxazole", "trimethoprim"}, {"sulfonamide"}, ""),
    "Cephalexin": ({"cefalexin"}, {"cephalosporin"}, ""),
    "Cefazolin": (set(), {"cephalosporin"}, ""),
    "Acetaminophen": ({"paracetamol"}, set(), ""),
    "Lignocaine jelly": ({"lidocaine"}, set(), ""),
    "Thyroxine": ({"levothyroxine"}, set(), ""),
    "albuterol": ({"salbutamol"}, set(), ""),
    "Epinephrine": ({"adrenaline"}, set(), ""),
    "Diclofenac sodium": ({"diclofenac"}, set(), ""),
    "Augmentin": ({"amoxicillin", "clavulanic acid"}, set(), ""),
    "penicilin, asprin": ({"aspirin"}, {"penicillin"}, "penicillin aspirin"),
}
STRANGE = ["Peanuts", "Prawns", "Milk", "Eggs", "Latex", "House dust mites", "Pollen", "Lactose", "Mustard"]
STRANGE += ["Shellfish", "Strawberry", "Cashew nuts", "Wheat", "Soya", "Bee stings", "Cats", "Brinjal"]
STRANGE += ["Nickel", "Perfume", "Almonds", "Mushroom", "Sesame", "Banana", "Xylaprenol", "Fish"]


@pytest.mark.parametrize("written", MEANINGS)
def test_a_name_means_what_the_formulary_calls_it(written):
    meant = vocabulary().meaning(written, "medicine")

    assert (set(meant.ingredients), set(meant.classes), meant.read_as) == MEANINGS[written]


def test_what_is_no_medicine_is_not_taken_for_one():
    known = vocabulary()

    found = [known.meaning(name, "food") for name in STRANGE]

    assert found == [AllergyTo(name, is_to_medicine=False) for name in STRANGE]


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def patient(doctor):
    return visit_today(doctor, PatientFactory(gender="male")).patient


def allergic(patient, doctor, substance: str, category: str = "medicine") -> None:
    record_allergy(
        patient=patient, substance=substance, category=category, criticality="high", by=doctor.user
    )


@pytest.mark.parametrize(
    ("substance", "category", "line", "finding"),
    [
        (
            "Asprin",
            "food",
            "aspirin 75 od",
            (
                "serious",
                "aspirin 75 mg tablet contains aspirin: the patient is allergic to Asprin (read as aspirin).",
            ),
        ),
        (
            "Frusemide",
            "other",
            "furosemide 40 od",
            ("serious", "furosemide 40 mg tablet contains furosemide: the patient is allergic to Frusemide."),
        ),
        (
            "Xylaprenol",
            "medicine",
            "furosemide 40 od",
            ("caution", "The allergy to Xylaprenol could not be compared: the formulary does not know it."),
        ),
        (
            "Peanuts",
            "food",
            "furosemide 40 od",
            ("not_checked", "Not checked: the allergy to Peanuts (the formulary does not know it)."),
        ),
    ],
)
def test_the_check_says_what_it_made_of_an_allergy(doctor, patient, substance, category, line, finding):
    allergic(patient, doctor, substance, category)

    found = check_draft(write(patient, line))

    about = [(each.severity.value, each.text) for each in found if "allerg" in each.text]
    assert about == [finding]


@pytest.mark.parametrize(
    ("substance", "category", "said"),
    [
        ("penicilin", "medicine", ["The check reads “penicilin” as penicillin. Did you mean penicillin?"]),
        ("Amoxycillin", "medicine", []),
        ("Peanuts", "food", []),
        (
            "Pencln",
            "medicine",
            ["The check of prescriptions does not know “Pencln”. Did you mean penicillin?"],
        ),
        (
            "Xylaprenol",
            "medicine",
            ["The check of prescriptions does not know “Xylaprenol” and cannot compare it."],
        ),
    ],
)
def test_the_page_says_at_once_that_a_substance_is_unknown(client, doctor, substance, category, said):
    patient = patient_of(doctor)
    client.force_login(doctor.user)
    filled_in = {"patient": patient.pk, "substance": substance, "category": category, "criticality": "low"}

    response = client.post("/admin/clinical/allergy/add/", filled_in, follow=True)

    warnings = [str(each) for each in response.context["messages"] if each.level_tag == "warning"]
    assert (warnings, Allergy.objects.count()) == (said, 1)
