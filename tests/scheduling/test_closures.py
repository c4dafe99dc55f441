"""What closes a time: department, leave, holiday, registration, notice and horizon."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from hms.core.rights import SYSTEM
from scheduling.availability import (
    BookingTerms,
    Reason,
)
from scheduling.models import Doctor
from scheduling.services import save_exception
from tests.factories import (
    BranchFactory,
    DepartmentFactory,
    DoctorFactory,
    ScheduleExceptionFactory,
    at,
    doctor_with_hours,
)
from tests.scheduling.offers import MONDAY, SUNDAY_EVENING, reasons

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("sunday_evening"),
    pytest.mark.feature("S07"),
]


@pytest.mark.feature("S01")
def test_the_department_closes_the_doctor_outside_its_hours():
    department = DepartmentFactory(opens_at=time(9, 30), closes_at=time(10, 30))
    doctor = doctor_with_hours(time(9), time(11), department=department)

    assert reasons(doctor) == [Reason.OUTSIDE_HOURS, None, None, Reason.OUTSIDE_HOURS]


@pytest.mark.feature("S05")
def test_leave_closes_every_slot_that_it_touches():
    doctor = doctor_with_hours(time(9), time(11))
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(9, 45), ends_at=at(10, 15))

    assert reasons(doctor) == [None, Reason.LEAVE, Reason.LEAVE, None]


@pytest.mark.feature("S05")
def test_a_holiday_of_a_department_closes_only_its_doctors():
    mine, other = doctor_with_hours(time(9), time(10)), doctor_with_hours(time(9), time(10))
    ScheduleExceptionFactory(kind="holiday", department=mine.department, starts_at=at(0), ends_at=at(23))

    assert reasons(mine) == [Reason.HOLIDAY, Reason.HOLIDAY]
    assert reasons(other) == [None, None]


@pytest.mark.feature("S05")
def test_a_holiday_for_everyone_closes_everyone_but_an_extra_session():
    doctor = doctor_with_hours(time(9), time(10))
    ScheduleExceptionFactory(kind="holiday", starts_at=at(0), ends_at=at(23))
    ScheduleExceptionFactory(
        kind="extra", doctor=doctor, branch=BranchFactory(), slot_minutes=30, starts_at=at(21), ends_at=at(22)
    )

    assert reasons(doctor) == [Reason.HOLIDAY, Reason.HOLIDAY, None, None]


@pytest.mark.feature("S05")
def test_an_extra_session_on_a_holiday_is_held_at_the_hours_of_the_week():
    doctor = doctor_with_hours(time(9), time(10))
    ScheduleExceptionFactory(kind="holiday", starts_at=at(0), ends_at=at(23))
    ScheduleExceptionFactory(
        kind="extra", doctor=doctor, branch=BranchFactory(), slot_minutes=15, starts_at=at(9), ends_at=at(10)
    )

    assert reasons(doctor) == [None, None, None, None]


@pytest.mark.feature("S05")
def test_leave_closes_an_extra_session_too():
    doctor = DoctorFactory()
    ScheduleExceptionFactory(
        kind="extra", doctor=doctor, branch=BranchFactory(), slot_minutes=30, starts_at=at(21), ends_at=at(22)
    )
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(21, 30), ends_at=at(22))

    assert reasons(doctor) == [None, Reason.LEAVE]


@pytest.mark.feature("S09")
def test_past_times_and_those_within_the_notice_are_closed_to_patients():
    doctor = doctor_with_hours(time(17), time(20))

    found = reasons(doctor, SUNDAY_EVENING.date())

    assert found == [Reason.PAST, Reason.PAST, Reason.PAST, None, None, None]


@pytest.mark.feature("S09")
def test_a_time_within_the_notice_is_too_late_but_not_past():
    doctor = doctor_with_hours(time(18), time(19), slot_minutes=15)

    found = reasons(doctor, SUNDAY_EVENING.date())

    assert found == [Reason.PAST, Reason.TOO_LATE, None, None]


@pytest.mark.feature("S12")
def test_the_desk_may_book_a_time_that_has_begun():
    doctor = doctor_with_hours(time(17), time(19))

    found = reasons(doctor, SUNDAY_EVENING.date(), terms=BookingTerms.for_staff())

    assert found == [Reason.PAST, Reason.PAST, None, None]


@pytest.mark.feature("S09")
def test_the_last_day_of_the_horizon_is_offered_and_the_next_is_not():
    doctor = doctor_with_hours(time(9), time(10), slot_minutes=60)
    today = timezone.localdate()

    assert reasons(doctor, today + timedelta(days=30)) == [None]
    assert reasons(doctor, today + timedelta(days=31)) == [Reason.BEYOND_HORIZON]


@pytest.mark.feature("S02")
def test_the_registration_closes_the_doctor_from_the_day_after_it_expires():
    doctor = doctor_with_hours(time(9), time(10), slot_minutes=60, registration_expires_on=MONDAY)

    assert reasons(doctor, MONDAY) == [None]
    assert reasons(doctor, MONDAY + timedelta(days=1)) == [Reason.REGISTRATION_EXPIRED]


@pytest.mark.parametrize("closed", ["doctor", "department"])
def test_an_inactive_doctor_or_department_offers_no_times(closed):
    doctor = doctor_with_hours(time(9), time(10), slot_minutes=60)
    row = doctor if closed == "doctor" else doctor.department
    row.is_active = False
    row.save()

    assert reasons(Doctor.objects.get(pk=doctor.pk)) == [Reason.INACTIVE]


def test_saved_leave_closes_at_once():
    doctor = doctor_with_hours(time(9), time(10))
    leave = ScheduleExceptionFactory.build(doctor=doctor, starts_at=at(9), ends_at=at(9, 30))

    save_exception(exception=leave, by=SYSTEM)

    assert reasons(doctor) == [Reason.LEAVE, None]
