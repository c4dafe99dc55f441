"""Messages about records: that there is something to read, to those who may read it, and never what it is."""

import pytest
from django.db import transaction

from accounts.models import Guardianship, Patient
from clinical.models import Encounter
from clinical.services import (
    acknowledge_results,
    finish_visit,
    issue_certificate,
    open_encounter,
    record_no_known_allergies,
    save_draft,
    withdraw_certificate,
    withdraw_prescription,
)
from hms.notifications.models import Notification
from tests.clinical.lab_rows import released_with, sampled
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import REFERRAL, TEXTS, doctor_at_work, finished, patient_of, visit_of, visit_today
from tests.factories import GuardianshipFactory, PatientFactory, carer_of, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]
LINE = "cetirizine 10 hs 5d"


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def own():
    """The patient's own login."""
    patient = PatientFactory(full_name="Sunita Deshpande", email="sunita@elsewhere.example")
    return GuardianshipFactory(relation="self", patient=patient).user


@pytest.fixture
def patient(own):
    return own.guardianships.get().patient


@pytest.fixture
def carer(patient):
    return carer_of(patient, relation="child")


@pytest.fixture
def signed(doctor, patient):
    visit_today(doctor, patient)
    return sign(write(patient, LINE))


def told() -> list[tuple[str, str]]:
    return sorted(Notification.objects.values_list("kind", "recipient"))


def test_a_signed_prescription_is_told_without_a_word_about_it(settings, doctor, patient, own, carer):
    settings.SITE_ADDRESS = "https://hospital.example/"
    visit_today(doctor, patient)

    signed = sign(write(patient, LINE))

    assert told() == sorted([("new_record", own.email), ("new_record", carer.email)])
    for row in Notification.objects.all():
        assert (row.patient, row.status) == (patient, "waiting")
        assert row.subject == "There is something new for you to read"
        assert "open “My records”.\n\nhttps://hospital.example/me/records/\n" in row.body
        written = f"{row.subject} {row.body}".lower()
        for secret in (
            "sunita",
            patient.mrn,
            signed.reference,
            "prescription",
            "cetirizine",
            doctor.full_name,
        ):
            assert secret.lower() not in written


def test_without_an_address_of_the_site_the_message_says_where_to_look(signed, own):
    assert "Log in on our site and open “My records”." in Notification.objects.get().body


def test_a_withdrawal_is_told_too_and_a_repeated_call_tells_nothing(doctor, signed, own):
    withdraw_prescription(prescription=signed, reason="Rash", by=doctor.user)
    with transaction.atomic():
        sign(write(signed.patient, "dolo 650 sos max 3/day 3 days"))
        transaction.set_rollback(True)

    assert told() == [("new_record", own.email), ("withdrawal", own.email)]
    assert "Rash" not in Notification.objects.get(kind="withdrawal").body


def test_a_certificate_and_its_withdrawal_are_told(doctor, patient, own):
    letter = issue_certificate(appointment=visit_of(patient, doctor), **REFERRAL, by=doctor.user)

    withdraw_certificate(certificate=letter, reason="Wrong days", by=doctor.user)

    assert told() == [("new_record", own.email), ("withdrawal", own.email)]


@pytest.mark.feature("C06")
def test_a_report_is_told_once_when_its_results_are_acknowledged(doctor, patient, own):
    visit_today(doctor, patient)
    sodium, potassium = sampled(doctor, patient, "na", "k")
    results = [released_with(sodium, "140"), released_with(potassium, "4.0")]
    before = told()

    for _twice in range(2):
        acknowledge_results(results=results, by=doctor.user)

    assert (before, told()) == ([], [("new_record", own.email)])


def test_only_logins_that_may_see_the_records_now_are_told(doctor, patient, own, carer):
    carer_of(patient, may_see_records=False)
    gone, closed = carer_of(patient, relation="spouse"), carer_of(patient)
    Guardianship.objects.filter(user=gone).update(revoked_at=patient.registered_at)
    closed.is_active = False
    closed.save()
    carer_of(PatientFactory())
    visit_today(doctor, patient)

    sign(write(patient, LINE))

    assert told() == sorted([("new_record", own.email), ("new_record", carer.email)])


def test_nobody_is_written_to_who_declined_mail(doctor, patient, own, carer):
    other = GuardianshipFactory(user=carer, relation="self").patient
    visit_today(doctor, patient)
    Patient.objects.filter(pk=other.pk).update(wants_email=False)
    sign(write(patient, LINE))
    without_the_carer = told()
    Patient.objects.filter(pk=patient.pk).update(wants_email=False)

    sign(write(patient, "dolo 650 sos max 3/day 3 days"))

    assert told() == without_the_carer == [("new_record", own.email)]


@pytest.mark.feature("C09")
@pytest.mark.parametrize("before_the_end", [True, False])
def test_carers_are_not_told_of_what_is_hidden_from_them(before_the_end, doctor, patient, own, carer):
    visit = visit_today(doctor, patient, started_at=patient.registered_at)
    encounter = open_encounter(appointment=visit, by=doctor.user)
    texts = TEXTS | {"confidentiality": "hidden", "medicine_lines": "" if before_the_end else LINE}
    save_draft(encounter=encounter, **texts, diagnoses=[], by=doctor.user)
    record_no_known_allergies(patient=patient, by=doctor.user)
    if before_the_end:
        sign(write(patient, LINE))
    finish_visit(encounter=Encounter.objects.get(), by=doctor.user)
    letter = issue_certificate(appointment=visit, **REFERRAL, by=doctor.user)

    assert told() == [("new_record", own.email)] * 2
    assert visit.prescriptions.get().confidentiality == letter.confidentiality == "hidden"


def test_a_finished_visit_with_medicines_is_told_once(doctor, patient, own):
    finished(doctor, patient, medicine_lines=LINE)

    assert told() == [("new_record", own.email)]


def test_confidential_patients_are_told_as_others_are(doctor, own):
    patient = own.guardianships.get().patient
    Patient.objects.filter(pk=patient.pk).update(is_confidential=True)
    visit_today(doctor, patient)
    colleague = doctor_with_hours()
    patient_of(colleague)

    sign(write(Patient.objects.get(pk=patient.pk), LINE))

    assert told() == [("new_record", own.email)]
