"""Waiting for a time: who may join, who is offered a time that opens, and how waiting ends."""

from datetime import time, timedelta

import pytest
import time_machine
from django.utils import timezone

from hms.core.rights import SYSTEM
from scheduling.models import Appointment, SlotClaim
from scheduling.services import (
    accept_offer,
    book_appointment,
    cancel_appointment,
    confirm_booking,
    decline_offer,
    leave_waiting_list,
    offer_free_times,
    reschedule_appointment,
)
from scheduling.waiting_exceptions import OfferIsOver
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours
from tests.scheduling.waiting_rows import enter_leave, fill, open_offers, waits

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S18"), pytest.mark.usefixtures("sunday_noon")]


@pytest.fixture
def doctor():
    """Tomorrow at nine and at half past nine."""
    return doctor_with_hours(time(9), time(10))


@pytest.fixture
def full(doctor):
    return fill(doctor, at(9), at(9, 30))


def offered() -> dict:
    """The patients of the open offers and their times."""
    return {offer.patient: offer.hold.starts_at for offer in open_offers()}


def test_a_time_that_opens_is_held_for_whoever_waits(doctor, full):
    entry = waits(doctor)
    assert offer_free_times() == 0

    cancel_appointment(appointment=full[0], by=SYSTEM)
    assert offer_free_times() == 1

    (offer,) = open_offers()
    hold = offer.hold
    assert (offer.entry, hold.patient, hold.starts_at, hold.status) == (entry, entry.patient, at(9), "held")
    assert hold.held_until == timezone.now() + timedelta(minutes=15)
    assert offer_free_times() == 0


def test_a_moved_visit_and_an_expired_hold_open_times_too(doctor, full):
    entries = [waits(doctor), waits(doctor)]
    elsewhere = doctor_with_hours()
    reschedule_appointment(appointment=full[0], doctor=elsewhere, starts_at=at(10), by=SYSTEM)
    Appointment.objects.filter(pk=full[1].pk).update(status="held", held_until=timezone.now(), booked_at=None)

    assert offer_free_times() == 2
    assert offered() == {entries[0].patient: at(9), entries[1].patient: at(9, 30)}


def test_leave_that_is_withdrawn_and_an_extra_session_open_times(doctor):
    leave = enter_leave(doctor)
    entry = waits(doctor)
    assert offer_free_times() == 0

    leave.delete()

    assert offer_free_times() == 1
    assert offered() == {entry.patient: at(9)}


def test_the_urgent_come_first_then_who_has_waited_longest_whom_the_time_suits(doctor, full):
    wrong_hours = waits(doctor, earliest=time(9, 15), urgency=2)
    wrong_day = waits(doctor, days=(2, 2), urgency=2)
    fill(doctor, at(9, days=2), at(9, 30, days=2))
    long, longer = waits(doctor, urgency=1), waits(doctor)
    longer.joined_at -= timedelta(days=9)
    longer.save()
    cancel_appointment(appointment=full[0], by=SYSTEM)

    offer_free_times()
    assert offered() == {long.patient: at(9)}
    decline_offer(offer=open_offers()[0], by=SYSTEM)
    offer_free_times()

    assert offered() == {longer.patient: at(9)}
    assert {wrong_hours.status, wrong_day.status} == {"waiting"}


def test_who_waits_for_a_department_gets_any_of_its_doctors(doctor, full):
    entry = waits(department=doctor.department)
    colleague = doctor_with_hours(time(11), time(12), department=doctor.department)

    offer_free_times()

    assert offered() == {entry.patient: at(11)}
    assert open_offers()[0].hold.doctor == colleague


def test_branch_and_mode_are_kept(doctor):
    at_home = waits(doctor, mode="video")
    there = waits(doctor, branch=doctor_with_hours().schedules.first().branch)

    assert offer_free_times() == 0
    assert {at_home.status, there.status} == {"waiting"}


def test_an_offer_nobody_answers_goes_to_the_next_and_three_end_the_waiting(doctor, full):
    first, second = waits(doctor, days=(1, 3), urgency=1), waits(doctor)
    fill(doctor, *[at(9, minute, days=day) for day in (2, 3) for minute in (0, 30)])
    cancel_appointment(appointment=full[0], by=SYSTEM)
    offer_free_times()
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        offer_free_times()
        assert offered() == {second.patient: at(9)}
        accept_offer(offer=open_offers()[0], by=SYSTEM)
    for day in (2, 3):
        visit = Appointment.objects.get(starts_at=at(9, days=day))
        cancel_appointment(appointment=visit, by=SYSTEM)
        with time_machine.travel(timezone.now() + timedelta(minutes=20 * day), tick=False):
            offer_free_times()
        with time_machine.travel(timezone.now() + timedelta(minutes=20 * day + 16), tick=False):
            offer_free_times()

    first.refresh_from_db()
    assert first.status == "unanswered"
    assert list(first.offers.values_list("status", flat=True)) == ["unanswered"] * 3
    assert offered() == {}


def test_what_is_offered_at_night_is_held_from_the_morning_on(doctor):
    with time_machine.travel(at(23, days=-1), tick=False):
        fill(doctor, at(9), at(9, 30), at(9, days=2))
        waits(doctor, days=(2, 2))
        offer_free_times()

        assert open_offers()[0].hold.held_until == at(8, 15)


@pytest.mark.parametrize("way", ["link", "page of the appointment"])
def test_accepting_books_the_time_and_ends_the_waiting(doctor, way):
    patient = PatientFactory()
    carer, entry = carer_of(patient), waits(doctor, patient=patient)
    offer_free_times()
    (offer,) = open_offers()

    if way == "link":
        for _twice in range(2):
            assert accept_offer(offer=offer, by=carer).status == "accepted"
    else:
        confirm_booking(appointment=offer.hold, by=carer)

    offer.refresh_from_db()
    entry.refresh_from_db()
    assert (offer.status, offer.settled_by, entry.status) == ("accepted", carer, "booked")
    assert patient.appointments.get().status == "booked"
    assert offer_free_times() == 0


@pytest.mark.parametrize("way", ["offer", "appointment", "list"])
def test_declining_frees_the_time_and_is_not_offered_the_same_again(doctor, way):
    patient, fee = PatientFactory(), doctor_with_hours(time(9), time(9, 30))
    carer, entry = carer_of(patient), waits(fee, patient=patient)
    offer_free_times()
    (offer,) = open_offers()

    if way == "offer":
        decline_offer(offer=offer, by=carer)
    elif way == "appointment":
        cancel_appointment(appointment=offer.hold, by=carer)
    else:
        leave_waiting_list(entry=entry, by=carer)

    offer.refresh_from_db()
    entry.refresh_from_db()
    assert (offer.status, entry.status) == ("declined", "left" if way == "list" else "waiting")
    assert not SlotClaim.objects.exists()
    assert offer_free_times() == 0
    with pytest.raises(OfferIsOver):
        accept_offer(offer=offer, by=carer)


def test_a_hold_that_has_run_out_cannot_be_accepted(doctor):
    waits(doctor)
    offer_free_times()
    with time_machine.travel(timezone.now() + timedelta(minutes=15), tick=False), pytest.raises(OfferIsOver):
        accept_offer(offer=open_offers()[0], by=SYSTEM)


def test_booking_elsewhere_or_the_end_of_the_days_ends_the_waiting(doctor, full):
    booked, other, over = waits(doctor), waits(department=doctor.department), waits(doctor)
    waits_on = waits(doctor_with_hours(department=doctor.department), days=(40, 40), patient=booked.patient)
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        book_appointment(patient=booked.patient, doctor=doctor, starts_at=at(9, days=8), by=SYSTEM)
        book_appointment(patient=other.patient, doctor=doctor, starts_at=at(9, 30, days=8), by=SYSTEM)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        offer_free_times()
        statuses = {}
        for entry in (booked, other, over, waits_on):
            entry.refresh_from_db()
            statuses[entry] = entry.status
        assert list(statuses.values()) == ["booked", "booked", "waiting", "waiting"]
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        offer_free_times()
        over.refresh_from_db()
        assert (over.status, over.waiting_key) == ("lapsed", None)


def test_who_has_an_appointment_already_waits_for_an_earlier_time(doctor):
    patient = PatientFactory()
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9, days=9), by=SYSTEM)
    waits(doctor, patient=patient)

    assert offer_free_times() == 1


def test_nobody_is_offered_a_time_at_which_they_are_elsewhere(doctor):
    patient = PatientFactory()
    book_appointment(patient=patient, doctor=doctor_with_hours(), starts_at=at(9), by=SYSTEM)
    waits(doctor, patient=patient)

    offer_free_times()

    assert offered() == {patient: at(9, 30)}
