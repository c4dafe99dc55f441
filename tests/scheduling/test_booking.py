"""Booking a free time, and every reason to refuse it."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import timezone

from hms.core.refusals import KeyReused, NotAllowed
from hms.core.rights import SYSTEM
from scheduling.exceptions import (
    PatientBusy,
    SlotNotOffered,
    SlotTaken,
    TooManyBookings,
    TooManyByLogin,
    TooManyOfOneDay,
)
from scheduling.history import steps_of
from scheduling.models import Appointment, PatientClaim, SlotClaim
from scheduling.services import book_appointment, hold_slot
from tests.factories import (
    PatientFactory,
    ScheduleExceptionFactory,
    UserFactory,
    at,
    carer_of,
    doctor_with_hours,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("S08")]


def nothing_was_written() -> bool:
    return not (Appointment.objects.exists() or SlotClaim.objects.exists() or PatientClaim.objects.exists())


@pytest.mark.feature("S10")
def test_a_taken_time_is_refused(doctor, patient):
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    with pytest.raises(SlotTaken):
        hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)

    assert Appointment.objects.count() == 1


@pytest.mark.feature("S10")
def test_one_patient_is_refused_a_second_doctor_at_the_same_time(doctor, patient):
    other = doctor_with_hours(time(9, 15), time(12))
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)

    with pytest.raises(PatientBusy):
        book_appointment(patient=patient, doctor=other, starts_at=at(9, 15), by=SYSTEM)

    assert Appointment.objects.count() == 1
    assert SlotClaim.objects.filter(doctor=other).count() == 0


@pytest.mark.feature("S09")
@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        (lambda: at(9, days=-1), "past"),
        (lambda: at(9, days=31), "beyond_horizon"),
        (lambda: at(9, 10), "not_a_slot"),
        (lambda: at(12), "not_a_slot"),
        (lambda: at(11, 45), "not_a_slot"),
        (lambda: at(23), "not_a_slot"),
    ],
)
def test_a_time_that_was_never_offered_is_refused_and_nothing_written(doctor, patient, starts_at, code):
    with pytest.raises(SlotNotOffered) as refused:
        hold_slot(patient=patient, doctor=doctor, starts_at=starts_at(), by=carer_of(patient))

    assert refused.value.code == code
    assert nothing_was_written()


@pytest.mark.feature("S02")
def test_a_doctor_whose_registration_has_expired_is_refused(patient):
    doctor = doctor_with_hours(registration_expires_on=date(2026, 11, 22))

    with pytest.raises(SlotNotOffered) as refused:
        book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)

    assert refused.value.code == "registration_expired"
    assert nothing_was_written()


def test_booking_reads_the_doctor_again(doctor, patient):
    type(doctor).objects.filter(pk=doctor.pk).update(is_active=False)

    with pytest.raises(SlotNotOffered):
        hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)


@pytest.mark.parametrize(
    "rights", [None, {"may_book": False}, {"revoked_at": datetime(2026, 1, 1, tzinfo=UTC)}]
)
def test_a_login_without_the_right_to_book_is_refused(doctor, patient, rights):
    by = UserFactory() if rights is None else carer_of(patient, **rights)

    with pytest.raises(NotAllowed):
        hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=by)

    assert nothing_was_written()


@pytest.mark.feature("S09")
def test_a_patient_has_a_limit_of_upcoming_appointments(doctor, patient, settings):
    settings.BOOKING = settings.BOOKING | {"upcoming_per_patient": 1}
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)

    with pytest.raises(TooManyBookings) as refused:
        hold_slot(patient=patient, doctor=doctor, starts_at=at(10), by=carer_of(patient))

    assert refused.value.messages[0].startswith("This patient already has 1 upcoming appointments")
    assert Appointment.objects.count() == 1


@pytest.mark.feature("S09")
@pytest.mark.parametrize(
    ("limit", "refusal", "is_of_one_day"),
    [
        ("upcoming_per_login", TooManyByLogin, False),
        ("per_login_doctor_and_day", TooManyOfOneDay, True),
    ],
)
@pytest.mark.parametrize("service", [hold_slot, book_appointment])
def test_a_login_has_limits_over_all_people_even_those_it_no_longer_cares_for(
    doctor, settings, limit, refusal, is_of_one_day, service
):
    settings.BOOKING = settings.BOOKING | {limit: 2}
    people = [PatientFactory() for _person in range(4)]
    by = carer_of(*people)
    service(patient=people[0], doctor=doctor, starts_at=at(9), by=by)
    service(patient=people[1], doctor=doctor, starts_at=at(10), by=by)
    by.guardianships.filter(patient__in=people[:2]).update(revoked_at=timezone.now())

    with pytest.raises(refusal):
        service(patient=people[2], doctor=doctor, starts_at=at(11), by=by)
    if is_of_one_day:
        service(patient=people[3], doctor=doctor, starts_at=at(9, days=2), by=by)

    assert Appointment.objects.count() == 2 + is_of_one_day


def test_a_key_cannot_be_used_for_a_different_request(doctor, patient):
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM, idempotency_key="k1")

    with pytest.raises(KeyReused):
        book_appointment(patient=patient, doctor=doctor, starts_at=at(10), by=SYSTEM, idempotency_key="k1")

    assert Appointment.objects.count() == 1


@pytest.mark.feature("S04")
def test_a_session_gives_each_patient_a_seat_until_it_is_full():
    doctor = doctor_with_hours(capacity=2)
    seats = [
        book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM).seat
        for _n in range(2)
    ]

    with pytest.raises(SlotTaken):
        book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    assert seats == [0, 1]


@pytest.mark.feature("S12")
def test_overbooking_adds_a_seat_and_keeps_the_reason(doctor, patient):
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    extra = book_appointment(
        patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM, overbooking_reason="Chest pain"
    )

    assert (extra.seat, extra.overbooking_reason) == (1, "Chest pain")
    assert steps_of(extra)[0].reason == "Chest pain"


@pytest.mark.feature("S12")
def test_overbooking_is_refused_without_the_right(doctor, patient):
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    with pytest.raises(NotAllowed):
        book_appointment(
            patient=patient, doctor=doctor, starts_at=at(9), by=carer_of(patient), overbooking_reason="Please"
        )


def test_overbooking_does_not_open_a_time_of_leave(doctor, patient):
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(8), ends_at=at(13))

    with pytest.raises(SlotNotOffered):
        book_appointment(
            patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM, overbooking_reason="Please"
        )
