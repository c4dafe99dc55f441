"""Moving, cancelling, and booking for one's family."""

import pytest

from scheduling.models import Appointment
from tests.billing.rows import booked, paid
from tests.browser.keyboard import Keyboard
from tests.browser.rows import given_a_doctor, given_a_patient_with_a_login
from tests.browser.steps import when_choosing_a_time
from tests.factories import at

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.feature("S11")
def test_a_paid_visit_is_moved_and_then_cancelled_with_the_money_back(visitor):
    visit = booked(at(10, 30, days=1), given_a_doctor())
    paid(visit)
    asha = visitor()
    asha.logs_in_as(visit.carer)

    asha.opens("/me/")
    asha.follows("My appointments", inside="header")
    asha.follows("See or change")
    asha.follows("Move to another time")
    when_choosing_a_time(asha, "25", "11:00 AM")
    asha.presses("Yes, move it")
    asha.sees("Moved. Your new time is below.", "Wednesday 25 November 2026, 11:00 AM", "Paid")
    asha.follows("Cancel")
    asha.fills(reason="I am travelling")
    asha.presses("Yes, cancel it")

    asha.sees("Cancelled. The time is free for somebody else now.", "Refunded")
    asha.opens("/me/bills/")
    asha.sees("Refund of ₹559.00")
    asha.opens("/me/appointments/?show=cancelled")
    asha.sees(visit.doctor.full_name)


@pytest.mark.feature("A07")
def test_a_mother_adds_her_child_and_books_for_it_by_keyboard_alone(visitor):
    doctor = given_a_doctor("Dr Kiran Shah", "Paediatrics")
    asha = visitor()
    asha.logs_in_as(given_a_patient_with_a_login())
    keys = Keyboard(asha)

    asha.opens(doctor.get_absolute_url())
    keys.presses("Tab")
    keys.presses("Enter")
    keys.follows("Tue 24")
    keys.follows("11:00")
    keys.follows("Add somebody you look after")
    when_filling_in_the_child_by_keyboard(keys)
    keys.follows("Add this person")
    keys.tabs_to("Asha Rao")
    keys.turns_to("Dev Rao")
    keys.writes("What it is about", "Fever since yesterday")
    keys.follows("Keep this time and continue")
    keys.tabs_to("Card")
    keys.turns_to("At the front desk")
    keys.follows("Confirm the booking")

    assert asha.heading == "Your appointment is booked"
    appointment = Appointment.objects.get(status="booked")
    assert appointment.patient.full_name == "Dev Rao"
    assert appointment.symptoms == "Fever since yesterday"


def when_filling_in_the_child_by_keyboard(keys: Keyboard) -> None:
    keys.tabs_to("My child")
    keys.presses("Space")
    keys.writes("Full name", "Dev Rao")
    keys.writes("Day", "1")
    keys.writes("Month", "6")
    keys.writes("Year", "2021")
    keys.writes("Gender", "Male")
    keys.writes("House number", "14 Residency Road")
    keys.writes("State", "Karnataka")
    keys.writes("PIN code", "560025")
    keys.tabs_to("I am this person's parent")
    keys.presses("Space")
