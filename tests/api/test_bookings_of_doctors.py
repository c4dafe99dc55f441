"""Doctors book, move and cancel in their own hours for patients whom they see."""

import pytest

from hms.core.rights import SYSTEM
from scheduling.services import book_appointment
from tests.api.calls import Caller, told
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("I01")]


@pytest.fixture
def doctor():
    return doctor_with_hours(user=staff("doctor"))


@pytest.fixture
def booked(doctor):
    patient = PatientFactory()
    carer_of(patient)
    return book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)


@pytest.fixture
def call(doctor):
    return Caller(doctor.user)


def wanted(doctor, patient) -> dict:
    hour = at(11).isoformat()
    return {"doctor": doctor.reference, "patient": patient.reference, "starts_at": hour, "pay": "desk"}


def test_a_doctor_books_own_patients_and_nobody_elses(call, doctor, booked):
    answers = [
        call.post("bookings/", wanted(doctor, booked.patient)),
        call.post("bookings/", wanted(doctor_with_hours(), booked.patient)),
        call.post("bookings/", wanted(doctor, PatientFactory())),
    ]

    assert (answers[0].status_code, answers[0].json()["patient"]["ref"]) == (201, booked.patient.reference)
    assert [told(answer) for answer in answers[1:]] == [(403, "not_allowed"), (404, "not_found")]


def test_a_doctor_moves_and_cancels_own_bookings_and_nobody_elses(call, doctor, booked):
    path = f"bookings/{booked.reference}/"
    other = Caller(doctor_with_hours(user=staff("doctor")).user)

    moved = call.patch(path, {"starts_at": at(10).isoformat()})
    refused = [told(other.patch(path, {"status": "cancelled"})), told(other.delete(path))]
    cancelled = call.patch(path, {"status": "cancelled"})

    assert moved.json()["starts_at"] == "2026-11-23T10:00:00+01:00"
    assert refused == [(404, "not_found")] * 2
    assert cancelled.json()["status"] == "cancelled"


def test_where_the_desk_changes_bookings_a_doctor_does_not(call, booked, settings):
    settings.BOOKING = settings.BOOKING | {"doctors_manage": False}

    answer = call.patch(f"bookings/{booked.reference}/", {"status": "cancelled"})

    assert told(answer) == (404, "not_found")
    booked.refresh_from_db()
    assert booked.status == "booked"
