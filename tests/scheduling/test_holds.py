"""Holds: confirming, expiry, and replacement."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from scheduling.cells import cell_of
from scheduling.exceptions import (
    SlotNotOffered,
    SlotTaken,
    TooManyHolds,
)
from scheduling.history import steps_of
from scheduling.models import PatientClaim, SlotClaim
from scheduling.services import book_appointment, cancel_appointment, confirm_booking, hold_instead, hold_slot
from scheduling.statuses import AppointmentStatus
from tests.factories import (
    GuardianshipFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    at,
    carer_of,
    doctor_with_hours,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("S08")]


def test_a_hold_claims_every_cell_for_ten_minutes(doctor, patient):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer_of(patient), symptoms="Cough")

    cells = list(range(cell_of(at(9)), cell_of(at(9)) + 6))
    assert held.status == AppointmentStatus.HELD
    assert held.held_until == timezone.now() + timedelta(minutes=10)
    assert held.ends_at == at(9, 30)
    assert list(held.claims.order_by("cell").values_list("doctor", "cell", "seat")) == [
        (doctor.pk, cell, 0) for cell in cells
    ]
    assert list(held.patient_claims.order_by("cell").values_list("patient", "cell")) == [
        (patient.pk, cell) for cell in cells
    ]


def test_confirming_a_hold_books_it_and_records_the_person(doctor, patient):
    carer = carer_of(patient)
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer)

    booked = confirm_booking(appointment=held, by=carer)

    assert (booked.status, booked.held_until) == (AppointmentStatus.BOOKED, None)
    assert [(step.status, step.by) for step in steps_of(booked)] == [("held", carer), ("booked", carer)]


def test_confirming_twice_changes_nothing(doctor, patient):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)
    confirm_booking(appointment=held, by=SYSTEM)

    confirm_booking(appointment=held, by=SYSTEM)

    assert len(steps_of(held)) == 2


@pytest.mark.feature("S10")
def test_an_expired_hold_gives_way_to_a_new_booking(doctor, patient):
    first = hold_slot(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        second = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)

    first.refresh_from_db()
    assert first.status == AppointmentStatus.EXPIRED
    assert set(SlotClaim.objects.values_list("appointment", flat=True)) == {second.pk}


@pytest.mark.feature("S10")
def test_the_patients_own_expired_hold_gives_way_too(doctor, patient):
    other = doctor_with_hours()
    hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)

    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        booked = book_appointment(patient=patient, doctor=other, starts_at=at(9), by=SYSTEM)

    assert set(PatientClaim.objects.values_list("appointment", flat=True)) == {booked.pk}


def test_an_expired_hold_can_be_confirmed_while_its_time_is_free(doctor, patient):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        booked = confirm_booking(appointment=held, by=SYSTEM)

    assert booked.status == AppointmentStatus.BOOKED
    assert booked.claims.count() == 6


def test_an_expired_hold_cannot_be_confirmed_once_its_time_is_taken(doctor, patient):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        winner = book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
        with pytest.raises(SlotTaken):
            confirm_booking(appointment=held, by=SYSTEM)

    held.refresh_from_db()
    assert held.status == AppointmentStatus.EXPIRED
    assert set(SlotClaim.objects.values_list("appointment", flat=True)) == {winner.pk}


def test_an_expired_hold_cannot_be_confirmed_during_leave_entered_meanwhile(doctor, patient):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(8), ends_at=at(13))

    with time_machine.travel(timezone.now() + timedelta(hours=1)), pytest.raises(SlotNotOffered) as refused:
        confirm_booking(appointment=held, by=SYSTEM)

    assert refused.value.code == "leave"


def test_a_cancelled_hold_cannot_be_booked(doctor, patient):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)
    cancel_appointment(appointment=held, by=SYSTEM)

    with pytest.raises(StepRefused) as refused:
        confirm_booking(appointment=held, by=SYSTEM)

    assert refused.value.messages == ["This is cancelled and cannot become booked."]


@pytest.mark.feature("S09")
def test_a_login_has_a_limit_of_holds(doctor, settings):
    settings.BOOKING = settings.BOOKING | {"holds_per_login": 1}
    child, parent = PatientFactory(), PatientFactory()
    carer = carer_of(child, parent)
    hold_slot(patient=child, doctor=doctor, starts_at=at(9), by=carer)

    with pytest.raises(TooManyHolds):
        hold_slot(patient=parent, doctor=doctor, starts_at=at(10), by=carer)


def test_the_same_key_gives_the_first_hold_again(doctor, patient):
    carer = carer_of(patient)
    booking_request = {
        "patient": patient,
        "doctor": doctor,
        "starts_at": at(9),
        "by": carer,
        "idempotency_key": "k1",
    }
    first = hold_slot(**booking_request)

    second = hold_slot(**booking_request)

    assert second.pk == first.pk
    assert len(steps_of(first)) == 1


def test_a_hold_that_became_a_booking_is_not_given_up_for_another_one(doctor, patient):
    carer, child = carer_of(patient), PatientFactory()
    GuardianshipFactory(user=carer, patient=child, relation="parent")
    hold = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer)
    confirm_booking(appointment=hold, by=carer)

    with pytest.raises(SlotTaken):
        hold_instead(hold=hold, patient=child, doctor=doctor, starts_at=at(9), by=carer)

    hold.refresh_from_db()
    assert hold.status == "booked"
