"""Accesses to a record, as the patient and the auditor see them."""

import re

import pytest

from audit.anomalies.finding import find_anomalies
from audit.models import Anomaly, AuditEvent
from tests.browser.rows import given_a_doctor, given_a_patient_with_a_login, given_a_visit
from tests.factories import PatientFactory, at, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def asha():
    """A patient with a login and a visit this morning."""
    user = given_a_patient_with_a_login()
    user.patient = user.guardianships.get().patient
    return user


def when_opening_the_record(visitor, patient) -> None:
    visitor.opens(f"/admin/accounts/patient/{patient.pk}/change/")


@pytest.mark.feature("U06")
@pytest.mark.parametrize("javascript", [True, False])
def test_a_patient_sees_the_accesses_of_reception_and_a_doctor_with_reasons(visitor, asha, javascript):
    doctor = given_a_doctor()
    visit = given_a_visit(doctor, 9, 30, patient=asha.patient)
    PatientFactory(full_name="Tara Theirs")
    ravi, meera, patient = visitor(), visitor(), visitor(javascript=javascript, width=360)
    ravi.logs_in_as(staff("receptionist", full_name="Ravi Desk"))
    meera.logs_in_as(doctor.user)
    patient.logs_in_as(asha)

    when_opening_the_record(ravi, asha.patient)
    ravi.opens("/admin/accounts/patient/")
    meera.opens(f"/admin/scheduling/appointment/{visit.pk}/change/")
    patient.opens("/me/records/")
    patient.follows("Who accessed my record")

    patient.sees("Ravi Desk", "Receptionist", "Viewed your details", "Saw you in a list of patients")
    patient.sees("The front desk books, checks people in and takes payments.")
    patient.sees("Dr Meera Iyer", "Viewed your appointment", "have an appointment with them")
    patient.sees_no("Tara", "@example.org", asha.patient.mrn)
    patient.follows("Everybody but me")
    patient.sees("Ravi Desk")
    patient.sees_no("You Looked")


@pytest.mark.feature("U05")
def test_an_auditor_filters_opens_a_difference_exports_and_closes_an_anomaly(visitor, asha, clock):
    asha.patient.is_confidential, asha.patient.city = True, "Mandya"
    asha.patient.save()
    ravi, anita = visitor(), visitor()
    ravi.logs_in_as(staff("receptionist", full_name="Ravi Desk"))
    anita.logs_in_as(staff("auditor"))
    when_opening_the_record(ravi, asha.patient)
    when_opening_the_record(ravi, PatientFactory())

    when_filtering_the_log_for_changes_of(anita, asha.patient)
    anita.clicks(anita.page.locator("#result_list .field-time a").first)
    anita.sees("City", "Bengaluru", "Mandya")
    then_the_chosen_entries_are_a_file(anita, asha.patient)

    anita.opens("/admin/audit/anomaly/")
    anita.presses("Search the log now")
    anita.sees("new anomal", "Confidential patient", "Ravi Desk")
    anita.clicks(anita.page.locator("tr", has_text="Confidential").get_by_role("link").first)
    anita.follows("Close with an outcome")
    anita.presses("Close with an outcome")
    anita.sees("This field is required.")
    anita.ticks("Explained")
    anita.fills(note="Asha was at the desk")
    anita.presses("Close with an outcome")

    anita.sees("The decision is saved and logged.")
    anomaly = Anomaly.objects.get(rule="confidential")
    assert (anomaly.status, anomaly.note) == ("explained", "Asha was at the desk")
    assert find_anomalies(since=at(9, days=0).date()).new == 0


def when_filtering_the_log_for_changes_of(visitor, patient) -> None:
    visitor.opens("/admin/")
    visitor.follows("Log entries")
    visitor.fills(q=patient.mrn)
    visitor.presses("Search")
    visitor.follows("Changed", inside="#changelist-filter")
    visitor.sees("1 log entry")


def then_the_chosen_entries_are_a_file(visitor, patient) -> None:
    visitor.opens(f"/admin/audit/auditevent/?patient_id={patient.pk}")
    visitor.page.locator("#action-toggle").check()
    visitor.selects(action="Export selected entries as JSON lines")
    with visitor.page.expect_download() as download:
        visitor.button("Go").click()
    assert re.fullmatch(r"log-[\d-]+\.jsonl", download.value.suggested_filename)
    assert AuditEvent.objects.get(action="export").details["format"] == "jsonl"


@pytest.mark.feature("U05")
def test_the_history_of_a_record_on_a_telephone(visitor, asha):
    asha.patient.city = "Mandya"
    asha.patient.save()
    ravi, ada = visitor(width=360), visitor(width=360, dark=True)
    ravi.logs_in_as(staff("receptionist", full_name="Ravi Desk"))
    ada.logs_in_as(staff("administrator"))

    when_opening_the_record(ravi, asha.patient)
    ravi.opens(f"/admin/accounts/patient/{asha.patient.pk}/history/")
    ravi.sees("Bengaluru", "Mandya")
    ravi.sees_no("Read")
    ada.opens(f"/admin/accounts/patient/{asha.patient.pk}/history/")

    ada.sees("Ravi Desk", "Read", "form")
