"""The desk quotes what the bill will say: the price with tax, and how much another doctor differs."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.services import quote_visits
from scheduling.services import cancel_appointment
from tests.billing.rows import booked, paid
from tests.factories import PatientFactory, at, doctor_with_hours, staff
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S12"), pytest.mark.usefixtures("sunday_noon")]


@pytest.fixture
def desk(client):
    user = staff("receptionist")
    client.force_login(user)
    return user


def words(response) -> str:
    return " ".join(text(response).split())


def test_the_desk_quotes_the_price_with_tax(client, desk):
    scene = booked()
    page = reverse("admin:scheduling_appointment_add")
    patient = PatientFactory()

    doctors = client.get(page, {"patient": patient.reference})
    chosen = client.get(page, {"patient": patient.reference, "doctor": scene.visit.doctor.reference})

    assert "₹559 with tax" in words(doctors)
    assert "₹559 with tax" in words(chosen)


def test_the_page_of_a_move_says_what_each_doctor_costs(client, desk):
    scene = booked()
    other = doctor_with_hours(full_name="Dr Asha Rao", fee=Decimal("900.00"))
    doctor_with_hours(full_name="Dr Ravi Menon", fee=Decimal("100.00"))
    page = reverse("admin:scheduling_appointment_reschedule", args=[scene.visit.pk])

    unpaid = words(client.get(page, {"doctor": other.reference}))
    paid(scene)
    settled = words(client.get(page, {"doctor": other.reference}))

    assert "₹959 (+₹400)" in unpaid
    assert "₹159 (\N{MINUS SIGN}₹400)" in unpaid
    assert "A visit to this doctor costs ₹959.00 with tax. Until now it was ₹559.00." in unpaid
    assert "The patient has paid ₹559.00, which stays with the appointment." in settled


def test_many_doctors_are_priced_in_as_many_queries_as_one():
    booked()
    doctors = [doctor_with_hours(fee=Decimal(fee)) for fee in (100, 200, 300)]
    counts = []

    for some in (doctors[:1], doctors):
        with CaptureQueriesContext(connection) as queries:
            found = quote_visits(some)
        counts.append(len(queries))

    assert [str(found[doctor.pk].total) for doctor in doctors] == ["159.00", "259.00", "359.00"]
    assert counts[0] == counts[1]


def test_a_second_visit_with_the_same_doctor_on_a_day_is_pointed_out(client, desk):
    scene = booked()
    visit = scene.visit
    page = reverse("admin:scheduling_appointment_add")
    asked = {"patient": visit.patient.reference, "doctor": visit.doctor.reference}
    days = [{"day": f"{moment:%Y-%m-%d}"} for moment in (visit.starts_at, at(9, days=9))]
    said = "This patient already has a visit with this doctor on this day:"

    shown = [said in words(client.get(page, asked | day)) for day in days]
    cancel_appointment(appointment=visit, by=desk)

    assert shown == [True, False]
    assert said not in words(client.get(page, asked | days[0]))
