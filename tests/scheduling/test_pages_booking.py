"""The page that turns a chosen time into a hold."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from scheduling.models import Appointment
from scheduling.services import confirm_booking
from tests.factories import (
    GuardianshipFactory,
    PatientFactory,
    UserFactory,
    at,
    carer_of,
)
from tests.scheduling.pages import NINE, book_page, booking_request, heading, links, text, title

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S08"),
    pytest.mark.usefixtures("sunday_noon"),
]


def test_login_returns_to_the_chosen_time(client, doctor):
    response = client.get(book_page(doctor))

    login = f"/accounts/login/?next=/book/{doctor.reference}/%3Fat%3D{NINE}"
    assert (response.status_code, response["Location"]) == (302, login)


def test_the_page_shows_the_time_and_the_people_the_login_may_book_for(client, doctor, patient):
    child = PatientFactory(full_name="Aarav Deshpande", date_of_birth=date(2017, 9, 12))
    user = carer_of(patient)
    GuardianshipFactory(user=user, patient=child, relation="parent")
    GuardianshipFactory(user=user, patient__full_name="Only Records", may_book=False)
    PatientFactory(full_name="Stranger")
    client.force_login(user)

    response = client.get(book_page(doctor))

    assert title(response) == heading(response) == "Who is the appointment for?"
    assert "Monday 23 November 2026 9:00 AM 30 minutes" in text(response)
    assert "Sunita Deshpande Myself · 42 years Aarav Deshpande My child · 9 years" in text(response)
    assert "Only Records" not in text(response)
    assert "Stranger" not in text(response)
    assert links(response, "/me/family/add/") == [
        f"/me/family/add/?next=%2Fbook%2F{doctor.reference}%2F%3Fat%3D{NINE}"
    ]


def test_a_single_person_is_preselected(client, carer, doctor, patient):
    response = client.get(book_page(doctor))

    assert f'value="{patient.reference}" class="form-check-input"' in response.content.decode()
    assert response.content.decode().count("checked") == 1


def test_without_anybody_to_book_for_the_page_says_what_to_do(client, doctor):
    client.force_login(UserFactory())

    response = client.get(book_page(doctor))

    assert "There is nobody you can book for yet" in text(response)
    assert links(response, "/me/family/add/?next=")


def test_opening_the_page_writes_nothing(client, carer, doctor):
    client.get(book_page(doctor))

    assert not Appointment.objects.exists()


def test_submitting_holds_the_time_and_leads_to_checking(client, carer, doctor, patient):
    response = client.post(book_page(doctor), booking_request(patient))

    held = Appointment.objects.get()
    assert (held.status, held.patient, held.doctor) == ("held", patient, doctor)
    assert (held.starts_at, held.symptoms, held.booked_by) == (at(9), "Cough", carer)
    assert (response.status_code, response["Location"]) == (302, f"/book/{held.reference}/check/")


@pytest.mark.parametrize("local", ["2026-11-23T09:00", "2026-11-23T09:00:00", "2026-11-23T08:00Z"])
def test_a_local_or_written_out_time_is_understood(client, carer, doctor, patient, local):
    client.post(book_page(doctor, local), booking_request(patient))

    assert Appointment.objects.get().starts_at == at(9)


def test_the_same_form_sent_twice_makes_one_hold(client, carer, doctor, patient):
    first = client.post(book_page(doctor), booking_request(patient))
    second = client.post(book_page(doctor), booking_request(patient))

    assert Appointment.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_the_same_form_sent_after_booking_leads_to_the_confirmation(client, carer, doctor, patient):
    client.post(book_page(doctor), booking_request(patient))
    booked = confirm_booking(appointment=Appointment.objects.get(), by=carer)

    response = client.post(book_page(doctor), booking_request(patient))

    assert Appointment.objects.count() == 1
    assert response["Location"] == f"/book/{booked.reference}/done/"


def test_each_form_carries_a_key_of_its_own(client, carer, doctor):
    keys = {client.get(book_page(doctor)).context["form"]["key"].value() for _n in range(2)}

    assert len(keys) == 2


def test_somebody_elses_key_does_not_lead_to_their_booking(client, carer, doctor, patient):
    client.post(book_page(doctor), booking_request(patient))
    other = PatientFactory()
    client.force_login(carer_of(other))

    response = client.post(book_page(doctor), booking_request(other))

    assert response.status_code == 409
    assert Appointment.objects.get().patient == patient


def test_returning_shows_the_symptoms_and_changes_the_same_hold(client, carer, doctor, patient):
    client.post(book_page(doctor), booking_request(patient))

    again = client.get(book_page(doctor))
    client.post(book_page(doctor), booking_request(patient, symptoms="Cough and fever", key="l" * 32))

    held = Appointment.objects.get()
    assert (again.status_code, again.context["form"]["symptoms"].value()) == (200, "Cough")
    assert "We keep this time for you until" in text(again)
    assert (held.status, held.symptoms) == ("held", "Cough and fever")


def test_returning_and_choosing_another_person_releases_the_first_hold(client, doctor, patient):
    child = PatientFactory()
    client.force_login(carer_of(patient, child))
    client.post(book_page(doctor), booking_request(patient))

    response = client.post(book_page(doctor), booking_request(child))

    states = dict(Appointment.objects.values_list("patient", "status"))
    assert response.status_code == 302
    assert states == {patient.pk: "cancelled", child.pk: "held"}


def test_an_expired_hold_does_not_prevent_the_same_person_from_booking(client, carer, doctor, patient):
    client.post(book_page(doctor), booking_request(patient))

    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        client.post(book_page(doctor), booking_request(patient, key="l" * 32))

    statuses = list(Appointment.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == ["expired", "held"]
