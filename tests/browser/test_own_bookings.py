"""A patient moves a visit to another doctor, and that doctor calls it off, on a telephone."""

import pytest

from tests.billing.rows import booked
from tests.browser.rows import given_a_doctor
from tests.browser.steps import when_choosing_a_time
from tests.factories import at

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.feature("S30")
@pytest.mark.feature("S31")
def test_a_visit_moves_to_another_doctor_who_then_cancels_it(visitor):
    visit = booked(at(10, 30, days=1), given_a_doctor())
    kiran = given_a_doctor("Dr Kiran Shah", "Paediatrics")
    kiran.first_visit_slots, kiran.fee = 2, 900
    kiran.save()
    asha, doctor = visitor(width=320), visitor(width=360)
    asha.logs_in_as(visit.carer)
    doctor.logs_in_as(kiran.user)

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

    doctor.opens(f"/admin/scheduling/appointment/{visit.visit.pk}/change/")
    doctor.follows("Note of the desk")
    doctor.fills(desk_note="Comes with an interpreter")
    doctor.presses("Save the note")
    doctor.sees("Comes with an interpreter", "Follow-up, In person, 30 minutes")
    doctor.follows("Another time")
    doctor.follows("Back")
    doctor.follows("Cancel the appointment")
    doctor.fills(reason="Called to surgery")
    doctor.presses("Cancel the appointment")
    doctor.sees("The appointment is cancelled.")
    doctor.opens("/admin/scheduling/scheduleexception/add/")
