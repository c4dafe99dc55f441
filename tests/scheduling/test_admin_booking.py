"""Booking for callers and walk-ins: steps by GET, one POST, refusals at the field."""

from datetime import date, time, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from scheduling.models import Appointment
from scheduling.moments import compact
from scheduling.services import hold_slot
from tests.factories import (
    PatientFactory,
    ScheduleExceptionFactory,
    at,
    carer_of,
)
from tests.scheduling.admin_day import change_page, doctor_with_login, page, said, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S12")]

TAKEN = "This time has just been taken. Please choose another one."


@pytest.fixture
def doctor():
    return doctor_with_login()


@pytest.fixture
def patient():
    return PatientFactory(full_name="Kiran Rao", phone="+919845012345")


def address(patient, doctor, day: date | None = None) -> str:
    day = day or timezone.localdate()
    booking_request = f"patient={patient.reference}&doctor={doctor.reference}&day={day.isoformat()}"
    return f"{page('scheduling_appointment_add')}?{booking_request}"


def booking_request(moment, **changes) -> dict:
    moment = moment if isinstance(moment, str) else compact(moment)
    return {"time": moment, "source": "phone", "symptoms": "Cough", "idempotency_key": "k1"} | changes


@pytest.mark.parametrize("text", ["Kiran", "kiran rao", "Rao", "+91 98450 12345", "98450 12345"])
def test_the_patient_is_found_by_name_or_telephone(client, desk, patient, text):
    PatientFactory(full_name="Mary Joseph")

    response = client.get(page("scheduling_appointment_add"), {"q": text})

    assert list(response.context["patients"]) == [patient]


def test_doctors_are_shown_with_their_first_free_time(client, desk, patient, doctor):
    visit(doctor, 9, 30)

    response = client.get(page("scheduling_appointment_add"), {"patient": patient.reference})

    [(shown, slot, link)] = response.context["doctors"]
    assert (shown, slot.starts_at) == (doctor, at(10, 0, days=0))  # 9:00 has begun, 9:30 is taken
    assert link.endswith(f"?patient={patient.reference}&doctor={doctor.reference}")


def test_a_doctor_whose_registration_has_expired_is_not_offered(client, desk, patient):
    doctor_with_login(registration_expires_on=timezone.localdate() - timedelta(days=1))

    response = client.get(page("scheduling_appointment_add"), {"patient": patient.reference})

    assert response.context["doctors"] == []


def test_free_times_are_buttons_and_taken_ones_are_listed_separately(client, desk, patient, doctor):
    visit(doctor, 10)

    times = client.get(address(patient, doctor)).context["times"]

    assert [f"{choice.time.starts_at:%H:%M}" for choice in times.free] == [
        *("09:00", "09:30", "10:30", "11:00", "11:30"),
    ]
    assert [f"{choice.time.starts_at:%H:%M}" for choice in times.taken] == ["10:00"]


def test_booking_makes_the_appointment_and_shows_it(client, desk, patient, doctor):
    response = client.post(address(patient, doctor), booking_request(at(11, days=0)))

    booked = Appointment.objects.get()
    assert response.url == change_page(booked)
    assert said(response) == [f"Kiran Rao is booked with {doctor}."]
    assert (booked.patient, booked.doctor, booked.starts_at) == (patient, doctor, at(11, days=0))
    assert (booked.status, booked.source, booked.symptoms) == ("booked", "phone", "Cough")
    assert booked.booked_by == desk


def test_the_same_post_twice_books_once_and_shows_the_same_appointment(client, desk, patient, doctor):
    first = client.post(address(patient, doctor), booking_request(at(11, days=0)))
    second = client.post(address(patient, doctor), booking_request(at(11, days=0)))

    assert Appointment.objects.count() == 1
    assert first.url == second.url


def test_a_form_that_was_used_for_another_time_must_be_started_again(client, desk, patient, doctor):
    client.post(address(patient, doctor), booking_request(at(11, days=0)))

    response = client.post(address(patient, doctor), booking_request(at(10, days=0)))

    form = response.context["form"]
    assert form.errors == {"__all__": ["This form was already used for something else. Please start again."]}
    assert form["idempotency_key"].value() != "k1"
    assert Appointment.objects.count() == 1


def test_a_taken_time_is_refused_at_the_time(client, desk, patient, doctor):
    visit(doctor, 10)

    response = client.post(address(patient, doctor), booking_request(at(10, days=0)))

    assert response.context["form"].errors == {"time": [TAKEN]}
    assert Appointment.objects.count() == 1


def test_a_held_time_is_refused_at_the_time(client, desk, patient, doctor):
    other = PatientFactory()
    hold_slot(patient=other, doctor=doctor, starts_at=at(11), by=carer_of(other))

    response = client.post(address(patient, doctor, at(11).date()), booking_request(at(11)))

    assert response.context["form"].errors == {"time": [TAKEN]}


def test_a_patient_who_is_elsewhere_at_the_time_is_refused(client, desk, patient, doctor):
    visit(doctor_with_login(), 10, patient=patient)

    response = client.post(address(patient, doctor), booking_request(at(10, days=0)))

    assert response.context["form"].errors == {
        "time": ["The patient already has an appointment at this time."]
    }


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("", "Please choose a time."),
        ("yesterday", "This is not a valid time. Please choose one of the times shown."),
        ("20260631T0800Z", "This is not a valid time. Please choose one of the times shown."),
        ("20260610T0630Z", "This time has passed."),
        ("20260610T0805Z", "The doctor does not see patients at this time."),
        ("20280610T0800Z", "This day cannot be booked yet."),
    ],
)
def test_a_time_that_cannot_be_booked_is_refused_at_the_field(client, desk, patient, asked, why):
    doctor = doctor_with_login(starts_at=time(8))

    response = client.post(address(patient, doctor), booking_request(asked))

    assert response.context["form"].errors == {"time": [why]}
    assert Appointment.objects.count() == 0


def test_leave_entered_meanwhile_is_refused_at_the_time(client, desk, patient, doctor):
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(0), ends_at=at(23))

    response = client.post(address(patient, doctor, at(10).date()), booking_request(at(10)))

    assert response.context["form"].errors == {"time": ["The doctor is on leave."]}


# --- overbooking


def test_overbooking_needs_a_reason(client, desk, patient, doctor):
    visit(doctor, 10)

    response = client.post(
        address(patient, doctor), booking_request(f"taken:{compact(at(10, days=0))}", overbooking_reason=" ")
    )

    assert response.context["form"].errors == {
        "overbooking_reason": ["Please give the reason for overbooking."]
    }
    assert Appointment.objects.count() == 1


def test_overbooking_with_a_reason_adds_a_seat(client, desk, patient, doctor):
    visit(doctor, 10)

    client.post(
        address(patient, doctor),
        booking_request(f"taken:{compact(at(10, days=0))}", overbooking_reason="In great pain"),
    )

    booked = Appointment.objects.get(patient=patient)
    assert (booked.seat, booked.overbooking_reason) == (1, "In great pain")


def test_a_reason_without_choosing_a_taken_time_does_not_overbook(client, desk, patient, doctor):
    visit(doctor, 10)

    response = client.post(
        address(patient, doctor), booking_request(at(10, days=0), overbooking_reason="In great pain")
    )

    assert response.context["form"].errors == {"time": [TAKEN]}


def test_overbooking_is_neither_offered_nor_accepted_without_the_right(client, desk, patient, doctor):
    visit(doctor, 10)
    desk.groups.clear()
    for name in ("book_for_others", "view_every_appointment", "view_appointment"):
        desk.user_permissions.add(permission(f"scheduling.{name}"))
    desk.user_permissions.add(permission("accounts.view_every_patient"))

    shown = client.get(address(patient, doctor))
    response = client.post(
        address(patient, doctor),
        booking_request(f"taken:{compact(at(10, days=0))}", overbooking_reason="In great pain"),
    )

    assert shown.context["may_overbook"] is False
    assert response.context["form"].errors == {"__all__": ["You may not do this."]}
    assert Appointment.objects.count() == 1


def permission(name: str):
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)
