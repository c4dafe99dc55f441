"""A day of the clinic: vital signs, consultation, laboratory, inbox, and what the patient reads."""

import re

import pytest

from accounts.services import revoke_guardianship
from clinical.models import Encounter, LabResult
from hms.core.rights import SYSTEM
from tests.browser.counted import Counted
from tests.browser.inspection import findings_of_axe
from tests.browser.rows import given_a_doctor, given_a_nurse, given_a_patient_with_a_login
from tests.browser.steps_clinical import (
    given_a_waiting_patient,
    then_it_was_saved_by_itself,
    today_in_words,
    when_beginning_from_the_board,
    when_collecting_the_sample,
    when_finishing,
    when_logging_in_in_another_tab,
    when_recording_vitals_from_the_board,
    when_the_login_ends,
    when_verifying_and_releasing,
)
from tests.clinical.lab_rows import technician
from tests.factories import PatientFactory, carer_of, staff
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_CLICKS, MOST_KEYS = 12, 120


@pytest.fixture
def doctor():
    return given_a_doctor()


@pytest.mark.feature("C01")
def test_a_day_from_the_vital_signs_to_the_result_on_the_patients_telephone(visitor, doctor):
    asha = given_a_patient_with_a_login()
    given_a_waiting_patient(doctor, patient=asha.guardianships.get().patient)
    nurse, meera, lab, colleague = visitor(width=768), visitor(), visitor(width=768), visitor()
    patient = visitor(width=360)
    nurse.logs_in_as(given_a_nurse(doctor))
    meera.logs_in_as(doctor.user)
    lab.logs_in_as(technician())
    colleague.logs_in_as(technician())
    patient.logs_in_as(asha)

    when_recording_vitals_from_the_board(nurse, blood_pressure="118/76", pulse="88")
    when_examining_the_tired_patient(meera)
    when_collecting_the_sample(lab)
    lab.page.get_by_label(re.compile("^Haemoglobin")).fill("9.1")
    lab.presses("Save")
    lab.sees("Saved. Another person verifies it.")
    when_verifying_and_releasing(colleague)
    meera.opens("/admin/results/")
    meera.sees("Haemoglobin", "9.1")
    patient.opens("/me/records/results/")
    patient.sees("No test results yet")
    meera.fills(note="A little low: please take the tablets")
    meera.presses(re.compile("^Acknowledge"))

    then_visit_prescription_and_result_are_read(patient, doctor)
    assert LabResult.objects.get().order.status == "released"


def when_examining_the_tired_patient(meera) -> None:
    when_beginning_from_the_board(meera)
    meera.sees("118/76", "Tired for weeks")
    meera.fills(
        assessment="Pale",
        medicine_lines="paracetamol 500 1-0-1 5d after food",
        test_lines="Haemoglobin",
        advice="Rest, and come again with the result",
    )
    meera.page.get_by_label("Diagnosis 1", exact=True).fill("Anaemia, unspecified")
    when_finishing(meera)


def then_visit_prescription_and_result_are_read(patient, doctor) -> None:
    patient.opens(Encounter.objects.get().get_absolute_url())
    patient.sees("Anaemia", "Rest, and come again with the result")
    patient.sees_no("Pale")
    patient.opens("/me/records/medicines/")
    patient.follows(re.compile(today_in_words()))
    patient.sees("PARACETAMOL", doctor.registration_number)
    patient.opens("/me/records/results/")
    patient.follows(re.compile("^Haemoglobin"))
    patient.sees("9.1", "A little low: please take the tablets")


@pytest.mark.feature("C01")
def test_a_repeat_visit_takes_few_clicks_and_keys(visitor, doctor):
    """Vital signs, one diagnosis, two medicines and one test, by the doctor alone from the day board."""
    given_a_waiting_patient(doctor)
    meera = visitor()
    meera.logs_in_as(doctor.user)
    counted = Counted(meera)
    meera.opens("/admin/day-board/")

    meera.follows(re.compile("^Vital signs"))
    counted.types_into("Pulse (/min):", "76")
    counted.presses("Tab")
    counted.types("130/80")
    counted.goes_on_with("Enter")
    meera.follows(re.compile("^Consultation"))
    counted.goes_on_with("Enter")
    counted.types_into("Diagnosis 1", "htn")
    counted.types_into("Medicines, one per line:", "amlodipine 5 1-0-0 30d\natorva 10 0-0-1 30d")
    counted.types_into("Tests, with commas between:", "hba1c")
    when_finishing(meera)

    visit = Encounter.objects.get()
    prescribed = visit.appointment.prescriptions.get().items.order_by("position")
    assert counted.clicks <= MOST_CLICKS, str(counted)
    assert counted.keys <= MOST_KEYS, str(counted)
    assert [row.code for row in visit.diagnoses.all()] == ["I10"], str(counted)
    assert [item.name for item in prescribed] == ["amlodipine", "atorvastatin"]
    assert [order.test.code for order in visit.appointment.lab_orders.all()] == ["hba1c"]


@pytest.mark.feature("C01")
@pytest.mark.parametrize("lost", ["the cookie", "the session"])
def test_a_login_that_ends_while_typing_loses_no_word(visitor, doctor, lost):
    given_a_waiting_patient(doctor)
    meera = visitor(width=768)
    meera.logs_in_as(doctor.user)
    when_beginning_from_the_board(meera)
    history, plan = meera.page.get_by_label("History:"), meera.page.get_by_label("Plan:")
    history.press_sequentially("Cough")
    then_it_was_saved_by_itself(meera)

    when_the_login_ends(meera, lost)
    plan.press_sequentially("Rest")
    meera.page.get_by_text("Your login has ended.").wait_for()
    meera.button("Save draft").click()
    assert findings_of_axe(meera.page) == []
    assert (plan.input_value(), Encounter.objects.get().plan) == ("Rest", "")
    when_logging_in_in_another_tab(meera, doctor.user)
    plan.press_sequentially(" and fluids")
    meera.page.get_by_text("Your login has ended.").wait_for(state="detached")
    meera.watch.forgives("/admin/consultation/")
    then_it_was_saved_by_itself(meera)

    draft = Encounter.objects.get()
    assert (draft.history, draft.plan) == ("Cough", "Rest and fluids")
    meera.page.reload()
    assert (history.input_value(), plan.input_value()) == ("Cough", "Rest and fluids")
    when_finishing(meera)


@pytest.mark.feature("C01")
def test_the_day_board_stays_when_the_login_ends(visitor, doctor):
    visit = given_a_waiting_patient(doctor)
    meera = visitor()
    meera.logs_in_as(doctor.user)
    meera.opens("/admin/day-board/")

    when_the_login_ends(meera, "the session")
    meera.page.clock.fast_forward(31_000)

    meera.page.get_by_text("Your login has ended.").wait_for()
    meera.sees(visit.patient.full_name)
    meera.watch.forgives("/admin/day-board/")


@pytest.mark.feature("C09")
@pytest.mark.parametrize("role", ["nurse", "doctor"])
def test_emergency_access_is_on_every_page_and_in_the_auditors_queue(visitor, doctor, role):
    patient = PatientFactory(full_name="Sunita Deshpande")
    helper, anita = visitor(width=360), visitor()
    helper.logs_in_as(staff(role, full_name="Hema Helper"))
    anita.logs_in_as(staff("auditor"))

    helper.is_refused(f"/admin/chart/{patient.mrn}/", 404)
    helper.opens("/admin/")
    helper.follows("Emergency access")
    helper.fills(mrn=patient.mrn, reason="Seizure in the lobby", password=PASSWORD)
    helper.presses("Open the record")
    helper.sees("Sunita Deshpande")
    banners = []
    for page in (f"/admin/chart/{patient.mrn}/", "/admin/day-board/", "/admin/"):
        helper.opens(page)
        banners.append(helper.page.locator(".emergency-banner").inner_text())
    anita.opens("/admin/audit/anomaly/")

    assert banners == [f"Emergency access: {patient.mrn}"] * 3
    anita.sees("Emergency access", "Hema Helper")


@pytest.mark.feature("C09")
def test_a_carer_whose_access_has_ended_no_longer_reads_the_records(visitor, doctor):
    visit = given_a_waiting_patient(doctor)
    meera, carer = visitor(), visitor(width=360)
    meera.logs_in_as(doctor.user)
    user = carer_of(visit.patient)
    carer.logs_in_as(user)
    when_beginning_from_the_board(meera)
    meera.fills(advice="Drink warm fluids")
    when_finishing(meera)
    page = Encounter.objects.get().get_absolute_url()

    carer.opens(page)
    carer.sees("Drink warm fluids")
    revoke_guardianship(guardianship=user.guardianships.get(), by=SYSTEM)

    carer.is_refused(page, 404)
    carer.sees_no("Drink warm fluids")
    carer.opens("/me/records/")
    carer.sees_no(doctor.full_name)


@pytest.mark.feature("C01")
def test_a_consultation_needs_no_javascript(visitor, doctor):
    given_a_waiting_patient(doctor, symptoms="Fever")
    meera = visitor(width=768, javascript=False)
    meera.logs_in_as(doctor.user)

    when_beginning_from_the_board(meera)
    meera.fills(plan="Rest")
    meera.presses("Save draft")
    meera.sees("The draft is saved.")
    meera.page.get_by_label("Diagnosis 1", exact=True).fill("flu")
    when_finishing(meera)

    assert Encounter.objects.get().status == "signed"
    meera.sees("Fever", "Rest", "Influenza (J11.1)")
