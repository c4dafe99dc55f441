"""What the booking page refuses, and the times it offers instead."""

from datetime import date, timedelta

import pytest
import time_machine

from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from scheduling.services import book_appointment, hold_slot
from tests.factories import (
    PatientFactory,
    ScheduleExceptionFactory,
    at,
    carer_of,
    doctor_with_hours,
    staff,
)
from tests.scheduling.pages import (
    NINE,
    book_page,
    booking_request,
    error_summary,
    field_error,
    links,
    text,
    title,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S08"),
    pytest.mark.usefixtures("sunday_noon"),
]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"patient": ""}, "patient", "Choose who the appointment is for."),
        ({"patient": "NOBODYHERE"}, "patient", "Choose one of the people you may book for."),
        (
            {"symptoms": "x" * 1001},
            "symptoms",
            "Please use at most 1000 characters. This text has 1001.",
        ),
    ],
)
def test_a_field_that_is_wrong_is_named_and_nothing_is_written(
    client, carer, doctor, patient, changes, field, message
):
    response = client.post(book_page(doctor), booking_request(patient, **changes))

    assert (response.status_code, field_error(response, field)) == (200, message)
    assert [line.split(": ", 1)[1] for line in error_summary(response)] == [message]
    assert title(response) == "Error: Who is the appointment for?"
    assert not Appointment.objects.exists()


@pytest.mark.feature("A07")
def test_other_peoples_patients_cannot_be_booked_for(client, carer, doctor):
    response = client.post(book_page(doctor), booking_request(PatientFactory()))

    assert field_error(response, "patient") == "Choose one of the people you may book for."
    assert not Appointment.objects.exists()


@pytest.mark.feature("S10")
def test_a_time_that_was_taken_meanwhile_is_refused_with_the_nearest_free_ones(
    client, carer, doctor, patient
):
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    response = client.post(book_page(doctor), booking_request(patient))

    others = [other["label"] for other in response.context["alternatives"]]
    assert response.status_code == 409
    assert error_summary(response) == ["This time has just been taken. Please choose another one."]
    place = doctor.schedules.first().branch.name
    assert others == [f"Tomorrow, {clock}, {place}" for clock in ("9:30 AM", "10:00 AM", "10:30 AM")]
    assert "Keep this time and continue" not in text(response)
    assert Appointment.objects.filter(patient=patient).count() == 0


def test_one_of_the_nearest_times_is_held_without_typing_again(client, carer, doctor, patient):
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
    refused = client.post(book_page(doctor), booking_request(patient))

    client.post(book_page(doctor), booking_request(patient, at=refused.context["alternatives"][0]["at"]))

    held = Appointment.objects.get(patient=patient)
    assert (held.starts_at, held.symptoms) == (at(9, 30), "Cough")


def test_a_patient_who_is_elsewhere_then_is_refused(client, carer, doctor, patient):
    book_appointment(patient=patient, doctor=doctor_with_hours(), starts_at=at(9), by=SYSTEM)

    response = client.post(book_page(doctor), booking_request(patient))

    assert response.status_code == 409
    assert error_summary(response) == ["The patient already has an appointment at this time."]
    assert "Keep this time and continue" in text(response)


def test_choosing_another_person_who_is_refused_keeps_the_first_hold(client, doctor, patient):
    busy = PatientFactory()
    book_appointment(patient=busy, doctor=doctor_with_hours(), starts_at=at(9), by=SYSTEM)
    client.force_login(carer_of(patient, busy))
    client.post(book_page(doctor), booking_request(patient))

    response = client.post(book_page(doctor), booking_request(busy))

    assert response.status_code == 409
    assert Appointment.objects.get(patient=patient).status == "held"


def test_a_fourth_hold_of_one_login_is_refused_without_other_times(client, carer, doctor, patient):
    for minute in (0, 30, 60):
        hold_slot(patient=patient, doctor=doctor, starts_at=at(10) + timedelta(minutes=minute), by=carer)

    response = client.post(book_page(doctor), booking_request(patient))

    assert response.context["alternatives"] == []
    assert error_summary(response) == [
        "You are already holding 3 times. Please finish or cancel one of them first."
    ]


@pytest.mark.feature("S09")
@pytest.mark.parametrize(
    ("at_", "status", "problem"),
    [
        ("", 400, "The address of this page contains no valid time. Choose one of these."),
        ("soon", 400, "The address of this page contains no valid time. Choose one of these."),
        ("2026-02-30T09:00", 400, "The address of this page contains no valid time. Choose one of these."),
        ("9999-12-31T23:59Z", 400, "The address of this page contains no valid time. Choose one of these."),
        ("20261121T0800Z", 409, "This time has passed."),
        ("20260115T0305Z", 409, "This time has passed."),
        ("20261224T0800Z", 409, "This day cannot be booked yet."),
        ("20990101T0800Z", 409, "This day cannot be booked yet."),
        ("20261123T0807Z", 409, "The doctor does not see patients at this time."),
        ("20261123T0815Z", 409, "The doctor does not see patients at this time."),
        ("20261123T2200Z", 409, "The doctor does not see patients at this time."),
        ("20261124T0800Z", 409, "The doctor is on leave."),
    ],
)
def test_a_time_that_is_not_offered_is_explained_with_other_times(
    client, carer, doctor, patient, at_, status, problem
):
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(0, days=2), ends_at=at(0, days=3))

    shown = client.get(book_page(doctor, at_))
    sent = client.post(book_page(doctor, at_), booking_request(patient))

    assert (shown.status_code, title(shown)) == (status, "This time cannot be booked")
    assert problem in text(shown)
    assert links(shown, f"/book/{doctor.reference}/")
    assert sent.status_code == status
    assert not Appointment.objects.exists()


def test_too_short_notice_is_explained(client, patient):
    doctor = doctor_with_hours()

    with time_machine.travel(at(9) - timedelta(minutes=29), tick=False):
        client.force_login(carer_of(patient))
        response = client.get(book_page(doctor))

    assert "It is too late to book this time online." in text(response)


def test_a_doctor_without_any_free_time_leads_to_colleagues(client, carer, doctor):
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(0), ends_at=at(0, days=40))

    response = client.get(book_page(doctor))

    assert "Dr Asha Rao has no free time in the coming weeks." in text(response)
    assert f"/departments/{doctor.department.slug}/" in links(response)


def test_a_doctor_whose_registration_expired_cannot_be_booked(client, carer, patient):
    doctor = doctor_with_hours(registration_expires_on=date(2026, 11, 22))

    response = client.post(book_page(doctor), booking_request(patient))

    assert error_summary(response) == ["The doctor's registration has expired."]
    assert not Appointment.objects.exists()


def test_an_unknown_doctor_cannot_be_booked(client, carer):
    assert client.get(f"/book/NOBODYHERE/?at={NINE}").status_code == 404


def test_the_desk_has_no_patients_of_its_own_on_the_booking_page(client, doctor, patient):
    carer_of(patient)
    client.force_login(staff("receptionist"))

    response = client.post(book_page(doctor), booking_request(patient))

    assert not Appointment.objects.exists()
    assert "Choose one of the people you may book for." in text(response)
