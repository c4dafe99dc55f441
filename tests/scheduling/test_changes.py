"""Moving, editing and cancelling; housekeeping."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from scheduling.cells import cell_of
from scheduling.exceptions import PatientBusy, SlotNotOffered, SlotTaken, TooLateToChange
from scheduling.history import steps_of
from scheduling.models import Appointment, PatientClaim, SlotClaim
from scheduling.services import (
    book_appointment,
    cancel_appointment,
    edit_symptoms,
    expire_holds,
    hold_slot,
    purge_claims,
    reschedule_appointment,
)
from scheduling.statuses import HOLDING, AppointmentStatus
from tests.factories import (
    PatientFactory,
    at,
    carer_of,
    doctor_with_hours,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon")]


def cells_of(appointment) -> list[int]:
    return list(appointment.claims.order_by("cell").values_list("cell", flat=True))


@pytest.mark.feature("S11")
def test_rescheduling_moves_the_row_its_claims_and_its_calendar_revision(booked):
    moved = reschedule_appointment(appointment=booked, starts_at=at(11), by=SYSTEM)

    assert (moved.pk, moved.starts_at, moved.ends_at, moved.sequence) == (booked.pk, at(11), at(11, 30), 1)
    assert cells_of(moved) == list(range(cell_of(at(11)), cell_of(at(11)) + 6))
    assert moved.patient_claims.count() == 6
    last = steps_of(moved)[-1]
    assert (last.was_at, last.starts_at) == (at(9), at(11))


@pytest.mark.feature("S11")
def test_a_new_time_may_overlap_the_old_one(booked, doctor):
    doctor.schedules.update(slot_minutes=20)

    moved = reschedule_appointment(appointment=booked, starts_at=at(9, 20), by=SYSTEM)

    assert (moved.starts_at, moved.ends_at) == (at(9, 20), at(9, 40))


@pytest.mark.feature("S11")
def test_rescheduling_to_a_taken_time_keeps_the_old_one(booked, doctor):
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(10), by=SYSTEM)

    with pytest.raises(SlotTaken):
        reschedule_appointment(appointment=booked, starts_at=at(10), by=SYSTEM)

    booked.refresh_from_db()
    assert (booked.starts_at, booked.sequence) == (at(9), 0)
    assert cells_of(booked) == list(range(cell_of(at(9)), cell_of(at(9)) + 6))


def test_rescheduling_does_not_put_a_patient_in_two_places(booked):
    other = doctor_with_hours()
    book_appointment(patient=booked.patient, doctor=other, starts_at=at(10), by=SYSTEM)

    with pytest.raises(PatientBusy):
        reschedule_appointment(appointment=booked, starts_at=at(10), by=SYSTEM)

    booked.refresh_from_db()
    assert booked.starts_at == at(9)


def test_rescheduling_to_another_doctor_frees_the_first(booked, doctor):
    other = doctor_with_hours()

    reschedule_appointment(appointment=booked, starts_at=at(10), doctor=other, by=SYSTEM)

    assert SlotClaim.objects.filter(doctor=doctor).count() == 0
    assert SlotClaim.objects.filter(doctor=other).count() == 6


def test_rescheduling_twice_to_the_same_time_writes_once(booked):
    reschedule_appointment(appointment=booked, starts_at=at(10), by=SYSTEM)

    again = reschedule_appointment(appointment=booked, starts_at=at(10), by=SYSTEM)

    assert again.sequence == 1
    assert len(steps_of(again)) == 3


def test_rescheduling_to_a_time_never_offered_is_refused(booked):
    with pytest.raises(SlotNotOffered):
        reschedule_appointment(appointment=booked, starts_at=at(9, 5), by=SYSTEM)


def test_a_stranger_can_neither_move_nor_cancel_nor_edit(booked):
    stranger = carer_of(PatientFactory())

    for attempt in (
        lambda: reschedule_appointment(appointment=booked, starts_at=at(10), by=stranger),
        lambda: cancel_appointment(appointment=booked, by=stranger),
        lambda: edit_symptoms(appointment=booked, symptoms="x", by=stranger),
    ):
        with pytest.raises(NotAllowed):
            attempt()

    booked.refresh_from_db()
    assert (booked.status, booked.starts_at, booked.symptoms) == (AppointmentStatus.BOOKED, at(9), "Cough")


@pytest.mark.feature("S11")
def test_cancelling_frees_the_time_and_keeps_the_row(booked, doctor):
    cancelled = cancel_appointment(appointment=booked, by=SYSTEM, reason="Feels better")

    assert (cancelled.status, cancelled.cancellation_reason) == (AppointmentStatus.CANCELLED, "Feels better")
    assert (SlotClaim.objects.count(), PatientClaim.objects.count()) == (0, 0)
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)


def test_cancelling_twice_changes_nothing(booked):
    cancel_appointment(appointment=booked, by=SYSTEM, reason="one")

    again = cancel_appointment(appointment=booked, by=SYSTEM, reason="two")

    assert (again.cancellation_reason, len(steps_of(again))) == ("one", 3)


@pytest.mark.feature("S11")
def test_only_the_desk_may_cancel_within_the_notice_period(booked):
    carer = carer_of(booked.patient)

    with time_machine.travel(at(7, 30, days=1)):
        for late in (
            lambda: cancel_appointment(appointment=booked, by=carer),
            lambda: reschedule_appointment(appointment=booked, starts_at=at(11, days=0), by=carer),
        ):
            with pytest.raises(TooLateToChange):
                late()
        assert cancel_appointment(appointment=booked, by=SYSTEM).status == AppointmentStatus.CANCELLED


def test_a_hold_may_be_given_up_at_any_time(doctor):
    patient = PatientFactory()
    carer = carer_of(patient)
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer)

    assert cancel_appointment(appointment=held, by=carer).status == AppointmentStatus.CANCELLED


@pytest.mark.feature("S11")
def test_symptoms_are_edited_until_the_consultation_begins(booked):
    assert edit_symptoms(appointment=booked, symptoms="  Cough ", by=SYSTEM).symptoms == "Cough"

    Appointment.objects.filter(pk=booked.pk).update(status=AppointmentStatus.COMPLETED)
    with pytest.raises(TooLateToChange):
        edit_symptoms(appointment=booked, symptoms="Fever", by=SYSTEM)


@pytest.mark.parametrize("status", [status for status in AppointmentStatus if status != "held"])
def test_a_step_that_is_not_listed_is_refused(booked, status):
    Appointment.objects.filter(pk=booked.pk).update(status=status)
    if (
        AppointmentStatus.CANCELLED in AppointmentStatus.STEPS[status]
        or status == AppointmentStatus.CANCELLED
    ):
        assert cancel_appointment(appointment=booked, by=SYSTEM).status == AppointmentStatus.CANCELLED
    else:
        with pytest.raises(StepRefused):
            cancel_appointment(appointment=booked, by=SYSTEM)


def test_expired_holds_are_swept_and_live_ones_stay(doctor):
    old = hold_slot(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        new = hold_slot(patient=PatientFactory(), doctor=doctor, starts_at=at(10), by=SYSTEM)

        assert expire_holds() == 1

    old.refresh_from_db()
    assert old.status == AppointmentStatus.EXPIRED
    assert set(SlotClaim.objects.values_list("appointment", flat=True)) == {new.pk}


def test_claims_of_the_past_are_purged_and_appointments_stay(booked):
    assert purge_claims(before=at(9, 30)) == 12
    assert purge_claims(before=at(9, 30)) == 0
    assert Appointment.objects.count() == 1


def test_an_appointment_owns_claims_exactly_while_it_holds(booked):
    assert (booked.status in HOLDING) == booked.claims.exists()
