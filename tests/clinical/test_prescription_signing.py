"""Signing: the paper is frozen, the law's words are there, findings are answered with reasons."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clinical.exceptions import (
    FindingsUnresolved,
    PrescriptionIncomplete,
)
from clinical.models import Prescription
from clinical.services import (
    record_allergy,
    record_current_medicine,
    sign_prescription,
)
from clinical.services.signing import check_draft
from scheduling.models import Doctor
from tests.clinical.prescribing import medicine, sign, write
from tests.clinical.rows import PENICILLIN, doctor_at_work, visit_today
from tests.factories import PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C05"), pytest.mark.feature("C14")]
PARACETAMOL = "dolo 650 1-1-1 3 days after food"


FOUND = [
    "amoxicillin 500 mg capsule contains amoxicillin: the patient is allergic to Augmentin.",
    ("cefixime 200 mg tablet is of the class cephalosporin: with the allergy to Augmentin it may react too."),
    "ibuprofen 400 mg tablet is of the class NSAID: the patient is allergic to Diclofenac sodium.",
    "losartan 50 mg tablet and telmisartan, tablet 20 mg are both of the class ARB.",
    (
        "omeprazole 20 mg capsule and pantoprazole 40 mg tablet (prescribed on "
        "{today}) are both of the class PPI."
    ),
    (
        "sulfamethoxazole + trimethoprim 800 mg + 160 mg tablet is of the class sulfonamide: "
        "the patient is allergic to Sulfa drugs."
    ),
]


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def visit(doctor):
    return visit_today(doctor, PatientFactory(gender="male"))


@pytest.fixture
def patient(visit):
    return visit.patient


def texts(prescription: Prescription) -> list[str]:
    return [each.text for each in check_draft(prescription) if each.needs_reason]


def test_signing_keeps_what_is_printed(doctor, patient, visit):
    draft = write(patient, PARACETAMOL, weight_kg=Decimal(72))
    signed = sign(draft)
    Doctor.objects.filter(pk=doctor.pk).update(full_name="Dr Somebody Else", degree="None")

    signed.refresh_from_db()

    today = timezone.localdate()
    assert (signed.status, signed.draft_key, signed.valid_until) == (
        "signed",
        None,
        today + timedelta(days=30),
    )
    assert signed.frozen["number"] == signed.reference
    assert signed.frozen["issued_on"] == today.isoformat()
    assert signed.frozen["visit"] == {"reference": visit.reference, "mode": "in_person"}


def test_the_frozen_copy_names_doctor_and_patient_in_full(doctor, patient):
    signed = sign(write(patient, PARACETAMOL, weight_kg=Decimal(72)))

    assert signed.frozen["letterhead"]["doctor"] == {
        "name": doctor.full_name,
        "qualification": "MBBS, MD",
        "designation": "Consultant, Cardiology",
        "registration": doctor.registration_number,
        "council": "",
    }
    assert signed.frozen["patient"] == {
        "name": patient.full_name,
        "mrn": patient.mrn,
        "age": f"{patient.age} years",
        "sex": "Male",
        "address": ["India"],
        "phone": str(patient.phone),
        "weight_kg": "72",
    }


def test_who_does_not_state_a_sex_gets_a_prescription_that_says_so(visit):
    visit.patient.gender = "unknown"
    visit.patient.save()

    signed = sign(write(visit.patient, PARACETAMOL))

    assert (signed.status, signed.frozen["patient"]["sex"]) == ("signed", "Not stated")


def test_a_course_longer_than_the_usual_validity_stays_valid(patient):
    signed = sign(write(patient, "metformin 500 1-0-1 for 3 months"))

    assert signed.valid_until == timezone.localdate() + timedelta(days=90)


def test_signing_names_everything_that_the_law_wants_and_that_is_missing(doctor, visit):
    Doctor.objects.filter(pk=doctor.pk).update(degree=" ", registration_number="")
    visit.patient.date_of_birth = timezone.localdate() - timedelta(days=4 * 365)
    visit.patient.save()
    draft = write(visit.patient, "syp amoxicillin 125 5 ml TDS for 5 days")

    with pytest.raises(PrescriptionIncomplete) as refused:
        sign(draft)

    assert refused.value.messages == [
        (
            "A prescription cannot be signed without: the doctor's qualification, the doctor's registration "
            "number, the patient's weight."
        )
    ]


def test_signing_is_refused_after_the_registration_has_expired_and_without_items(doctor, patient):
    Doctor.objects.filter(pk=doctor.pk).update(registration_expires_on=date(2020, 1, 1))

    with pytest.raises(PrescriptionIncomplete) as refused:
        sign(write(patient))

    assert refused.value.messages == [
        "A prescription cannot be signed without: an item, a valid registration of the doctor."
    ]


def test_a_finding_needs_a_reason_that_stays_in_the_record(doctor, patient):
    record_allergy(patient=patient, **PENICILLIN, by=doctor.user)
    draft = write(patient, "augmentin 625 1-0-1 5 days")

    with pytest.raises(FindingsUnresolved) as refused:
        sign_prescription(prescription=draft, by=doctor.user)
    (finding,) = refused.value.findings
    with pytest.raises(FindingsUnresolved):
        sign_prescription(prescription=draft, overrides={finding.key: " "}, by=doctor.user)
    signed = sign_prescription(
        prescription=draft, overrides={finding.key: "Tolerated twice in 2025"}, by=doctor.user
    )

    assert signed.is_overridden
    signed.refresh_from_db()
    assert [(each["severity"], each["reason"]) for each in signed.findings if each["reason"]] == [
        ("serious", "Tolerated twice in 2025")
    ]
    assert {each["severity"] for each in signed.findings} == {"serious", "not_checked"}


def test_the_check_knows_brands_classes_current_medicines_and_other_prescriptions(doctor, patient):
    for substance in ("Augmentin", "Sulfa drugs", "Diclofenac sodium"):
        record_allergy(patient=patient, **PENICILLIN | {"substance": substance}, by=doctor.user)
    record_current_medicine(patient=patient, medicine=medicine("telmisartan"), by=doctor.user)
    record_current_medicine(patient=patient, medicine=medicine("metformin"), by=doctor.user)
    sign(write(patient, "pantoprazole 40 1-0-0 30 days", "azithromycin 500 od 3d"))

    draft = write(
        patient,
        *("amoxicillin 500 tds 5d", "cefixime 200 bd 5d", "septran ds bd 5d", "ibuprofen 400 bd 3d"),
        *("losartan 50 od", "omez 20 od", "metformin 500 bd"),
    )

    today = timezone.localdate().strftime("%-d %b %Y")
    assert sorted(texts(draft)) == [text.replace("{today}", today) for text in FOUND]
