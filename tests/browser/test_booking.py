"""From the home page to a booked visit."""

from datetime import timedelta

import pytest

from billing.models import Payment
from scheduling.models import Appointment
from tests.browser.rows import given_a_doctor, given_a_patient_with_a_login, given_a_visit
from tests.browser.steps import (
    then_the_booking_failed_but_the_time_is_kept,
    then_the_money_comes_back,
    then_the_price_is_shown_first,
    then_the_visit_is_booked,
    then_there_is_a_calendar_file,
    then_there_is_a_receipt,
    when_choosing_a_time,
    when_finding_a_doctor,
    when_paying_at_the_desk,
    when_paying_by_card,
    when_saying_who_and_why,
    when_signing_up_on_the_way,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.feature("S08")
def test_somebody_new_finds_a_doctor_signs_up_on_the_way_books_and_pays(visitor):
    doctor = given_a_doctor()
    asha = visitor()

    when_finding_a_doctor(asha, doctor)
    when_choosing_a_time(asha, "24", "10:30 AM")
    when_signing_up_on_the_way(asha)
    when_saying_who_and_why(asha, "Asha Rao")
    then_the_price_is_shown_first(asha)
    when_paying_by_card(asha)

    appointment = then_the_visit_is_booked(asha, "Tuesday 24 November 2026, 10:30 AM")
    then_there_is_a_calendar_file(asha, appointment)
    then_there_is_a_receipt(asha)


@pytest.mark.feature("S08")
def test_booking_needs_no_javascript(visitor):
    doctor = given_a_doctor()
    asha = visitor(javascript=False)

    when_finding_a_doctor(asha, doctor)
    when_choosing_a_time(asha, "24", "10:30 AM")
    when_signing_up_on_the_way(asha)
    when_saying_who_and_why(asha, "Asha Rao")
    then_the_price_is_shown_first(asha)
    when_paying_at_the_desk(asha)

    appointment = then_the_visit_is_booked(asha, "Tuesday 24 November 2026, 10:30 AM")
    then_there_is_a_calendar_file(asha, appointment)


@pytest.mark.feature("S08")
@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_known_books_with_one_button_to_pay_at_the_hospital(visitor, javascript):
    doctor = given_a_doctor()
    asha = visitor(width=360, javascript=javascript)
    asha.logs_in_as(given_a_patient_with_a_login())

    asha.opens(doctor.get_absolute_url())
    when_choosing_a_time(asha, "24", "10:30 AM")
    asha.sees("₹559.00")
    asha.presses("Book now, pay at the hospital")

    then_the_visit_is_booked(asha, "Tuesday 24 November 2026, 10:30 AM")


@pytest.mark.feature("B04")
def test_a_declined_payment_is_tried_again_on_a_telephone(visitor):
    doctor = given_a_doctor()
    asha = visitor(width=360)
    asha.logs_in_as(given_a_patient_with_a_login())

    asha.opens(doctor.get_absolute_url())
    when_choosing_a_time(asha, "24", "10:30 AM")
    when_saying_who_and_why(asha, "Asha Rao")
    when_paying_by_card(asha, "Decline the payment")
    then_the_booking_failed_but_the_time_is_kept(asha)
    asha.follows("Pay another way")
    when_paying_by_card(asha)

    then_the_visit_is_booked(asha, "Tuesday 24 November 2026, 10:30 AM")
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["captured", "failed"]


@pytest.mark.feature("B04")
def test_a_payment_after_the_time_is_taken_is_refunded(visitor, clock):
    doctor = given_a_doctor()
    asha = visitor(dark=True)
    asha.logs_in_as(given_a_patient_with_a_login())

    asha.opens(doctor.get_absolute_url())
    when_choosing_a_time(asha, "24", "10:30 AM")
    when_saying_who_and_why(asha, "Asha Rao")
    when_paying_by_card(asha, "Pay, but notify the hospital late")
    assert asha.heading == "We are waiting for your bank"
    clock.shift(timedelta(minutes=11))
    given_a_visit(doctor, 10, 30, days=1, full_name="Somebody Quicker")
    asha.follows("Back to the bank’s page")  # noqa: RUF001 - as the page has it
    asha.presses("Notify the hospital now")

    then_the_money_comes_back(asha)
    booked = Appointment.objects.get(status="booked")
    assert booked.patient.full_name == "Somebody Quicker"
