"""Imported appointments follow the rules of single ones, as tests/journeys compares them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from scheduling.exceptions import (
    NotToday,
    NotYet,
    PastOutOfOrder,
    PatientBusy,
    SlotNotOffered,
    SlotTaken,
    TooLateToChange,
)
from scheduling.models import Appointment, PatientClaim, SlotClaim
from scheduling.services import book_appointment
from scheduling.services.bulk import Happening, Record, record_appointments
from scheduling.statuses import AppointmentStatus as Status
from tests.factories import PatientFactory, ScheduleExceptionFactory, at, carer_of, doctor_with_hours, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("O01")]

NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def doctor():
    return doctor_with_hours(time(9), time(12))


def booked(at: datetime = NOW - timedelta(days=40), by=SYSTEM) -> Happening:
    return Happening(Status.BOOKED, at, by)


def visit(starts_at: datetime, arrives_after: float = -10) -> tuple[Happening, ...]:
    moments = [starts_at + n * MINUTE for n in (arrives_after, arrives_after + 12, arrives_after + 22)]
    steps = zip((Status.ARRIVED, Status.IN_CONSULTATION, Status.COMPLETED), moments, strict=True)
    return (booked(), *(Happening(status, moment) for status, moment in steps))


def record(doctor, starts_at: datetime, *past: Happening, patient=None, **more) -> Record:
    return Record(patient or PatientFactory(), doctor, starts_at, past or (booked(),), "desk", **more)


def write(*records: Record, by=SYSTEM) -> list[Appointment]:
    return record_appointments(records=records, by=by)


def refused(*records: Record, because) -> ValidationError:
    with pytest.raises(because) as refusal:
        write(*records)
    assert not Appointment.objects.exists()
    assert not any(model.objects.exists() for model in (SlotClaim, PatientClaim))
    return refusal.value


def test_every_appointment_is_logged(doctor):
    [appointment] = write(record(doctor, at(9, days=-3), *visit(at(9, days=-3))))

    event = AuditEvent.objects.get(model="scheduling.appointment", action="create")
    assert event.patient_id == appointment.patient_id
    assert event.object_repr == appointment.reference


def test_tokens_follow_the_order_of_arrival_after_those_that_were_given(doctor):
    [first] = write(record(doctor, at(9, days=-3), *visit(at(9, days=-3))))
    early, late = at(9, 30, days=-3), at(10, days=-3)

    second, third = write(
        record(doctor, early, *visit(early, arrives_after=0)),
        record(doctor, late, *visit(late, arrives_after=-45)),
    )

    assert (first.token, second.token, third.token) == (1, 3, 2)


def test_a_past_visit_owns_its_time_and_a_cancelled_one_none(doctor):
    cancelled = Happening(Status.CANCELLED, NOW - timedelta(days=50), note="Has to travel.")

    seen, gone = write(
        record(doctor, at(9, days=-3), *visit(at(9, days=-3))),
        record(doctor, at(9, days=-3), booked(NOW - timedelta(days=60)), cancelled),
    )

    assert (SlotClaim.objects.count(), PatientClaim.objects.count()) == (6, 6)
    assert {claim.appointment for claim in SlotClaim.objects.all()} == {seen}
    assert (gone.status, gone.cancellation_reason, gone.sequence) == ("cancelled", "Has to travel.", 1)


def test_a_time_is_taken_until_it_is_cancelled(doctor):
    starts_at = at(9, days=-3)
    cancelled = Happening(Status.CANCELLED, NOW - timedelta(days=39))

    refused(
        record(doctor, starts_at, booked(), cancelled), record(doctor, starts_at, booked()), because=SlotTaken
    )


@pytest.mark.parametrize(
    ("minutes", "by", "code"),
    [
        (-10, carer_of, "too_late"),
        (-60 * 24 * 200, carer_of, "beyond_horizon"),
        (31, lambda: staff("receptionist"), "past"),
    ],
)
def test_a_time_is_offered_as_it_was_when_it_was_booked(doctor, minutes, by, code):
    step = Happening(Status.BOOKED, STARTS + minutes * MINUTE, by())

    refusal = refused(record(doctor, STARTS, step), because=SlotNotOffered)

    assert refusal.code == code


def test_patients_cancel_in_time(doctor):
    carer = carer_of()
    late = Happening(Status.CANCELLED, STARTS - MINUTE, carer)

    refused(record(doctor, STARTS, booked(STARTS - 900 * MINUTE, carer), late), because=TooLateToChange)


def test_a_session_takes_as_many_as_it_has_seats():
    doctor = doctor_with_hours(capacity=3)

    rows = write(*(record(doctor, at(9)) for _ in range(3)))

    assert [row.seat for row in rows] == [0, 1, 2]
    with pytest.raises(SlotTaken):
        write(record(doctor, at(9)))


def test_a_time_is_given_once_within_a_batch(doctor):
    refused(record(doctor, at(9)), record(doctor, at(9)), because=SlotTaken)


def test_a_no_show_owned_its_time_until_then(doctor):
    starts_at = at(9, days=-3)
    away = record(doctor, starts_at, booked(), Happening(Status.NO_SHOW, starts_at + 40 * MINUTE))

    refused(away, record(doctor, starts_at, *visit(starts_at)), because=SlotTaken)


def test_a_time_that_is_booked_is_refused(doctor):
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    with pytest.raises(SlotTaken):
        write(record(doctor, at(9)))

    assert Appointment.objects.count() == 1


def test_a_patient_is_not_in_two_places(doctor):
    patient, other = PatientFactory(), doctor_with_hours(time(9, 15), time(12))
    rows = [record(doctor, at(9), patient=patient), record(other, at(9, 15), patient=patient)]

    refused(*rows, because=PatientBusy)


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        ((9, 10, -3), "not_a_slot"),
        ((12, 0, -3), "not_a_slot"),
        ((9, 0, -10), "leave"),
        ((9, 0, 366), "beyond_horizon"),
    ],
)
def test_a_time_that_was_never_offered_is_refused(doctor, starts_at, code):
    hour, minute, days = starts_at
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(0, days=-10), ends_at=at(0, days=-9))

    refusal = refused(record(doctor, at(hour, minute, days=days)), because=SlotNotOffered)

    assert refusal.code == code


def test_a_doctor_is_seen_as_long_as_the_registration_runs():
    doctor = doctor_with_hours(registration_expires_on=date(2026, 11, 18))
    last, first_after = at(9, days=-4), at(9, days=-3)

    refusal = refused(record(doctor, first_after, *visit(first_after)), because=SlotNotOffered)

    assert refusal.code == "registration_expired"
    assert len(write(record(doctor, last, *visit(last)))) == 1


STARTS = datetime(2026, 11, 19, 8, tzinfo=UTC)  # 9 o'clock in the zone of the tests


@pytest.mark.parametrize(
    ("past", "because"),
    [
        ([(Status.ARRIVED, 0)], PastOutOfOrder),
        ([(Status.BOOKED, 0), (Status.COMPLETED, 10)], StepRefused),
        ([(Status.BOOKED, 0), (Status.CANCELLED, 10), (Status.BOOKED, 20)], StepRefused),
        ([(Status.BOOKED, -9), (Status.ARRIVED, -10)], PastOutOfOrder),
        ([(Status.BOOKED, -2000), (Status.ARRIVED, -1000)], NotToday),
        ([(Status.BOOKED, -9), (Status.NO_SHOW, -1)], NotYet),
        ([(Status.BOOKED, -9), (Status.ARRIVED, 0), (Status.IN_CONSULTATION, 9999)], PastOutOfOrder),
        ([(Status.BOOKED, 9999)], PastOutOfOrder),
    ],
)
def test_impossible_steps_are_refused(doctor, past, because):
    steps = [Happening(status, STARTS + minutes * MINUTE) for status, minutes in past]

    refused(record(doctor, STARTS, *steps), because=because)


@pytest.mark.parametrize("wrong", [{"reference": "ELEVENCHARS"}, {"source": "letter"}])
def test_columns_are_checked(doctor, wrong):
    refused(replace(record(doctor, at(9)), **wrong), because=ValidationError)


@pytest.mark.parametrize("by", [lambda: staff("doctor"), lambda: staff("nurse"), carer_of])
def test_a_batch_needs_the_right_to_book_for_others(doctor, by):
    with pytest.raises(NotAllowed):
        write(record(doctor, at(9)), by=by())


def test_an_empty_batch_writes_nothing():
    assert write() == []


@pytest.mark.parametrize("count", [1, 6])
def test_one_and_six_appointments_take_the_same_queries(doctor, count, django_assert_num_queries):
    times = [at(9 + n // 2, 30 * (n % 2), days=-3) for n in range(count)]
    records = [record(doctor, moment, *visit(moment)) for moment in times]

    with django_assert_num_queries(16):
        write(*records)


def test_a_doctor_with_long_first_visits_gets_the_kind_that_booking_writes():
    doctor = doctor_with_hours(time(9), time(12), first_visit_slots=2)

    [imported] = write(record(doctor, at(9)))
    booked = book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(10), by=SYSTEM)

    rows = [(one.visit_kind, one.minutes, one.claims.count()) for one in (imported, booked)]
    assert rows == [("first", 60, 12)] * 2
