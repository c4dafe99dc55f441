"""Booking without the check page, with the second button of the booking form."""

from decimal import Decimal

import pytest

from billing.models import Invoice
from billing.services import book_to_pay_at_desk
from scheduling.models import Appointment
from scheduling.services import book_appointment, cancel_appointment
from scheduling.statuses import AppointmentStatus
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S08")]

BOOKED, CANCELLED = AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED
TIME = "20261123T0800Z"


@pytest.fixture(autouse=True)
def _now(sunday_noon):
    """It is the day before."""


def page(doctor, name: str = "now/") -> str:
    return f"/book/{doctor.reference}/{name}?at={TIME}"


def send(client, doctor, patient, **changes):
    booking_request = {"patient": patient.reference, "symptoms": "Cough", "key": "k" * 32, "total": "559.00"}
    return client.post(page(doctor), booking_request | changes)


def test_the_page_shows_the_price_beside_the_button_that_books(client, carer, doctor):
    text = client.get(page(doctor, "")).content.decode()

    assert "₹559.00" in text
    assert f'formaction="{page(doctor)}"' in text
    assert '<input type="hidden" name="total" value="559.00">' in text


def test_one_button_books_the_time_and_opens_its_bill(client, carer, doctor, patient):
    answer = send(client, doctor, patient)

    visit = Appointment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/book/{visit.reference}/done/")
    assert (visit.status, visit.patient, visit.starts_at, visit.booked_by) == (BOOKED, patient, at(9), carer)
    assert Invoice.objects.get(appointment=visit).total == Decimal("559.00")


def test_the_same_form_sent_twice_books_once(client, carer, doctor, patient):
    answers = [send(client, doctor, patient) for _n in range(2)]

    visit, invoice = Appointment.objects.get(), Invoice.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/book/{visit.reference}/done/"}
    assert invoice.appointment == visit


def test_a_price_that_changed_is_shown_again_and_nothing_is_written(client, carer, doctor, patient):
    answer = send(client, doctor, patient, total="500.00")

    text = answer.content.decode()
    assert answer.status_code == 409
    assert '<input type="hidden" name="total" value="559.00">' in text
    assert f'formaction="{page(doctor)}"' in text
    assert "Cough" in text
    assert not Appointment.objects.exists()
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("total", ["", "nonsense", "NaN"])
def test_a_form_without_the_price_that_was_seen_books_nothing(client, carer, doctor, patient, total):
    answer = send(client, doctor, patient, total=total)

    assert "Check the price and try again." in answer.content.decode()
    assert not Appointment.objects.exists()


def test_a_time_that_is_taken_offers_others_and_keeps_what_was_typed(client, carer, doctor, patient):
    other = PatientFactory()
    book_appointment(patient=other, doctor=doctor, starts_at=at(9), by=carer_of(other))

    answer = send(client, doctor, patient)

    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'name="at" value="20261123T0830Z"' in text
    assert f'action="{page(doctor, "")}"' in text
    assert Appointment.objects.get().patient == other


def test_a_time_that_was_kept_with_the_other_button_is_booked(client, carer, doctor, patient):
    client.post(page(doctor, ""), {"patient": patient.reference, "symptoms": "Cough", "key": "a" * 32})

    send(client, doctor, patient, symptoms="Cough and fever")

    visit = Appointment.objects.get()
    assert (visit.status, visit.symptoms) == (BOOKED, "Cough and fever")


def test_a_time_with_several_places_that_was_kept_is_booked(client, carer, patient):
    doctor = doctor_with_hours(fee=Decimal(500), capacity=2)
    client.post(page(doctor, ""), {"patient": patient.reference, "symptoms": "Cough", "key": "a" * 32})

    answer = send(client, doctor, patient)

    visit = Appointment.objects.get()
    assert (answer.status_code, visit.status) == (302, BOOKED)


def test_a_time_that_was_kept_for_somebody_else_is_booked_for_the_one_named_now(client, doctor, patient):
    child = PatientFactory()
    client.force_login(carer_of(patient, child))
    client.post(page(doctor, ""), {"patient": patient.reference, "key": "a" * 32})

    send(client, doctor, child)

    assert dict(Appointment.objects.values_list("patient", "status")) == {
        patient.pk: CANCELLED,
        child.pk: BOOKED,
    }


def test_a_form_whose_booking_was_cancelled_since_books_again(client, carer, doctor, patient):
    send(client, doctor, patient)
    cancel_appointment(appointment=Appointment.objects.get(), by=carer)

    answer = send(client, doctor, patient)

    first, second = Appointment.objects.order_by("pk")
    assert (first.status, second.status) == (CANCELLED, BOOKED)
    assert answer["Location"] == f"/book/{second.reference}/done/"


def test_nobody_books_for_somebody_elses_patient(client, carer, doctor):
    answer = send(client, doctor, PatientFactory())

    assert "Choose one of the people you may book for." in answer.content.decode()
    assert not Appointment.objects.exists()


def test_the_address_by_itself_leads_to_the_page_with_the_questions(client, carer, doctor):
    answer = client.get(page(doctor))

    assert (answer.status_code, answer["Location"]) == (302, page(doctor, ""))


def test_a_visitor_who_is_not_logged_in_books_nothing(client, doctor, patient):
    answer = send(client, doctor, patient)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert not Appointment.objects.exists()


def test_a_repeated_request_with_another_price_returns_the_first_booking(carer, doctor, patient):
    booking_request = {
        "patient": patient,
        "doctor": doctor,
        "starts_at": at(9, days=1),
        "idempotency_key": "k",
        "by": carer,
    }
    first = book_to_pay_at_desk(total=Decimal("559.00"), **booking_request)

    again = book_to_pay_at_desk(total=Decimal("659.00"), **booking_request)

    assert again == first
    assert Invoice.objects.get().total == Decimal("559.00")
