"""Which times are offered, and why the others are not."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from hms.core.rights import SYSTEM
from scheduling.availability import (
    Reason,
    days_with_free,
    explain,
    find_slot,
    next_free,
    offered_slots,
)
from scheduling.models import Doctor
from scheduling.services import book_appointment, hold_slot
from tests.factories import (
    BranchFactory,
    DepartmentFactory,
    DoctorFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    WeeklyScheduleFactory,
    at,
    doctor_with_hours,
)
from tests.scheduling.offers import MONDAY, SUNDAY_EVENING, clock, free_on, reasons

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("sunday_evening"),
    pytest.mark.feature("S07"),
]


def test_a_shift_offers_its_slots_in_local_time():
    doctor = doctor_with_hours(time(9), time(10, 30))

    found = free_on(doctor, MONDAY)

    assert clock(found) == ["09:00", "09:30", "10:00"]
    assert found[0].starts_at.utcoffset() == timedelta(hours=1)


def test_the_last_slot_ends_within_its_shift():
    doctor = doctor_with_hours(time(9), time(10), slot_minutes=25)

    assert clock(free_on(doctor, MONDAY)) == ["09:00", "09:25"]


def test_two_shifts_of_a_day_follow_each_other():
    doctor = doctor_with_hours(time(9), time(10))
    WeeklyScheduleFactory(doctor=doctor, weekday=0, starts_at=time(16), ends_at=time(17))

    assert clock(free_on(doctor, MONDAY)) == ["09:00", "09:30", "16:00", "16:30"]


def test_a_schedule_counts_only_while_it_is_valid():
    doctor = DoctorFactory()
    WeeklyScheduleFactory(doctor=doctor, valid_from=MONDAY, valid_until=MONDAY)

    assert len(free_on(doctor, MONDAY)) == 6
    assert free_on(doctor, MONDAY + timedelta(days=7)) == []


def test_an_extra_session_across_midnight_offers_each_slot_on_its_own_day():
    doctor = DoctorFactory()
    ScheduleExceptionFactory(
        kind="extra", doctor=doctor, branch=BranchFactory(), slot_minutes=30,
        starts_at=at(23), ends_at=at(1, days=2),
    )  # fmt: skip

    assert clock(free_on(doctor, MONDAY)) == ["23:00", "23:30"]
    assert clock(free_on(doctor, MONDAY + timedelta(days=1))) == ["00:00", "00:30"]
    assert find_slot(doctor, at(0, 30, days=2)).reason is None


@pytest.mark.feature("S10")
def test_a_closure_on_the_next_day_closes_a_slot_across_midnight():
    doctor, ward = DoctorFactory(), BranchFactory()
    night = {"kind": "extra", "doctor": doctor, "branch": ward, "capacity": 2}
    ScheduleExceptionFactory(slot_minutes=40, starts_at=at(23), ends_at=at(0, 20, days=2), **night)
    ScheduleExceptionFactory(slot_minutes=10, starts_at=at(0, days=2), ends_at=at(1, days=2), **night)

    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(0, days=2), by=SYSTEM)
    beside = book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(23, 40), by=SYSTEM)
    ScheduleExceptionFactory(kind="leave", doctor=doctor, starts_at=at(0, 10, days=2), ends_at=at(9, days=2))

    assert beside.seat == 1
    assert [entry.reason for entry in explain(doctor, MONDAY)] == [None, Reason.LEAVE]


@pytest.mark.feature("S22")
def test_every_time_that_is_not_offered_has_its_reason():
    doctor = doctor_with_hours(time(9), time(11))
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
    hold_slot(patient=PatientFactory(), doctor=doctor, starts_at=at(10), by=SYSTEM)

    found = explain(doctor, MONDAY)

    assert [entry.reason for entry in found] == [Reason.TAKEN, None, Reason.HELD, None]
    assert found[0].label == "This time has been taken."
    assert explain(DoctorFactory(), MONDAY) == []


def test_the_time_of_an_expired_hold_is_offered_again():
    doctor = doctor_with_hours(time(9), time(10))
    hold_slot(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    with time_machine.travel(SUNDAY_EVENING + timedelta(minutes=11)):
        assert reasons(doctor) == [None, None]


@pytest.mark.feature("S04")
def test_a_session_with_capacity_offers_a_time_until_every_seat_is_taken():
    doctor = doctor_with_hours(time(9), time(10), slot_minutes=60, capacity=2)

    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
    after_one = explain(doctor, MONDAY)
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    assert [(entry.free, entry.reason) for entry in after_one] == [(1, None)]
    assert [(entry.free, entry.reason) for entry in explain(doctor, MONDAY)] == [(0, Reason.TAKEN)]


def test_an_overbooked_patient_keeps_the_time_closed_when_the_first_one_cancels():
    doctor = doctor_with_hours(time(9), time(10), slot_minutes=60)
    first = book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
    book_appointment(
        patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM, overbooking_reason="acute"
    )

    first.claims.all().delete()

    assert reasons(doctor) == [Reason.TAKEN]


@pytest.mark.feature("S06")
def test_the_next_free_time_is_found_after_a_long_leave():
    doctor, never = doctor_with_hours(time(9), time(10)), DoctorFactory()
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(0, days=0), ends_at=at(0, days=20))

    found = next_free([doctor, never])

    assert found[doctor.pk].starts_at == at(9, days=20)
    assert found[never.pk] is None


def test_each_day_says_how_many_times_are_free():
    doctor = DoctorFactory()
    WeeklyScheduleFactory(doctor=doctor, weekday=0)

    assert days_with_free(doctor, MONDAY, 3) == [
        (MONDAY, 6),
        (MONDAY + timedelta(days=1), 0),
        (MONDAY + timedelta(days=2), 0),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_availability_takes_three_queries_for_any_number_of_doctors_and_days(
    count, django_assert_num_queries
):
    for _n in range(count):
        doctor = doctor_with_hours()
        book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
    doctors = list(Doctor.objects.select_related("department"))

    with django_assert_num_queries(3):
        found = offered_slots(doctors, MONDAY, MONDAY + timedelta(days=4 * count))

    assert {len(slots) for slots in found.values()} == {6 * (4 * count + 1) - 1}


# The two odd days of the year in Europe/Berlin: 25 October 2026 has 25 hours, 29 March 2027 has 23.


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 25), ["01:00+02:00", "02:00+02:00", "02:00+01:00", "03:00+01:00"]),
        (date(2027, 3, 28), ["01:00+01:00", "03:00+02:00"]),
    ],
)
def test_a_night_shift_on_the_day_of_the_clock_change_offers_real_hours(day, expected):
    department = DepartmentFactory(opens_at=time(0), closes_at=time(23))
    doctor = DoctorFactory(department=department)
    WeeklyScheduleFactory(
        doctor=doctor, weekday=day.weekday(), starts_at=time(1), ends_at=time(4), slot_minutes=60
    )
    now = datetime.combine(day - timedelta(days=2), time(12), tzinfo=UTC)

    found = free_on(doctor, day, now=now)

    assert [_iso(slot) for slot in found] == expected
    assert len({slot.start for slot in found}) == len(expected)


def _iso(slot) -> str:
    return slot.starts_at.isoformat(timespec="minutes")[11:]
