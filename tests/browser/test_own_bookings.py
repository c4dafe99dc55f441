"""A patient moves a visit to another doctor, and a doctor calls one off, on a telephone."""

import pytest

from tests.billing.rows import booked
from tests.browser.rows import given_a_doctor, given_a_visit
from tests.browser.steps import when_choosing_a_time
from tests.factories import at

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.feature("S11")
@pytest.mark.feature("S31")
def test_a_patient_moves_a_visit_to_another_doctor(visitor):
    visit = booked(at(10, 30, days=1), given_a_doctor())
    kiran = given_a_doctor("Dr Kiran Shah", "Paediatrics")
    kiran.first_visit_slots, kiran.fee = 2, 900
    kiran.save()
    asha = visitor(width=320)
    asha.logs_in_as(visit.carer)

    asha.opens(f"/me/appointments/{visit.visit.reference}/")
    asha.follows("Move to another time or doctor")
    asha.page.get_by_label("Doctor", exact=True).select_option(label="Dr Kiran Shah, Paediatrics")
    asha.presses("Show times")
    asha.sees("Have you seen this doctor before?")
    asha.follows("Yes, this is a follow-up")
    when_choosing_a_time(asha, "25", "11:30 AM")
    asha.sees("A visit to this doctor costs ₹959.00 with tax. Until now it was ₹559.00.")
    asha.presses("Yes, move it")
    asha.sees("Moved. Your new time is below.", "Wednesday 25 November 2026, 11:30 AM", "Dr Kiran Shah")


@pytest.mark.feature("S30")
@pytest.mark.feature("S32")
def test_a_doctor_notes_and_cancels_and_enters_leave(visitor):
    kiran = given_a_doctor("Dr Kiran Shah", "Paediatrics")
    visit = given_a_visit(kiran, 11, days=1)
    doctor = visitor(width=360)
    doctor.logs_in_as(kiran.user)

    doctor.opens(f"/admin/scheduling/appointment/{visit.pk}/change/")
    doctor.follows("Note of the desk")
    doctor.fills(desk_note="Comes with an interpreter")
    doctor.presses("Save the note")
    doctor.sees("Comes with an interpreter")
    doctor.follows("Another time")
    doctor.follows("Back")
    doctor.follows("Cancel the appointment")
    doctor.fills(reason="Called to surgery")
    doctor.presses("Cancel the appointment")
    doctor.sees("The appointment is cancelled.")
    doctor.opens("/admin/")
    doctor.follows("Enter leave")
    doctor.sees("Covered by")
