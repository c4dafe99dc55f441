"""Impossible shifts are refused."""

from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hms.core.rights import SYSTEM
from scheduling.availability import offered_slots
from scheduling.cells import on_the_grid
from scheduling.exceptions import (
    OutsideDepartmentHours,
    ShiftsOverlap,
    ShiftTooShort,
)
from scheduling.services import book_appointment, save_exception, save_weekly_schedule
from tests.factories import (
    DepartmentFactory,
    DoctorFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    WeeklyScheduleFactory,
    at,
    doctor_with_hours,
)
from tests.scheduling.offers import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon")]


@pytest.mark.feature("S04")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"starts_at": time(11), "ends_at": time(13)}, ShiftsOverlap),
        ({"starts_at": time(12), "ends_at": time(12, 10)}, ShiftTooShort),
        ({"starts_at": time(19), "ends_at": time(21)}, OutsideDepartmentHours),
    ],
)
def test_an_impossible_shift_is_refused(doctor, changes, refusal):
    new = WeeklyScheduleFactory.build(doctor=doctor, branch=doctor.schedules.first().branch, **changes)

    with pytest.raises(refusal):
        save_weekly_schedule(schedule=new, by=SYSTEM)

    assert doctor.schedules.count() == 7


@pytest.mark.feature("S04")
@pytest.mark.parametrize("clock", [time(9, 3), time(9, 0, 30), time(11, 59)])
@pytest.mark.parametrize("column", ["starts_at", "ends_at"])
def test_hours_off_the_five_minute_grid_are_refused_at_their_field(doctor, column, clock):
    """Times like 9:03 would block their neighbours, and those at 9:00:30 could not be booked."""
    hours = {"starts_at": time(8), "ends_at": time(12), column: clock}
    branch, today = doctor.schedules.first().branch, at(9, days=0)
    shift = WeeklyScheduleFactory.build(doctor=doctor, branch=branch, **hours)
    extra = ScheduleExceptionFactory.build(
        kind="extra",
        doctor=doctor,
        branch=branch,
        **{name: datetime.combine(today, hour, tzinfo=today.tzinfo) for name, hour in hours.items()},
    )
    open_hours = DepartmentFactory.build(**{"opens_at": time(8), "closes_at": time(20)} | {
        {"starts_at": "opens_at", "ends_at": "closes_at"}[column]: clock
    })  # fmt: skip

    with pytest.raises(ValidationError) as refused:
        save_weekly_schedule(schedule=shift, by=SYSTEM)
    with pytest.raises(ValidationError) as refused_extra:
        save_exception(exception=extra, by=SYSTEM)
    with pytest.raises(ValidationError):
        open_hours.full_clean()

    assert list(refused.value.message_dict) == list(refused_extra.value.message_dict) == [column]


@pytest.mark.feature("S04")
@given(st.times())
def test_exactly_the_times_on_the_grid_and_the_last_minute_are_accepted(clock):
    is_boundary = (clock.hour * 3600 + clock.minute * 60 + clock.second) % 300 == 0

    try:
        on_the_grid(clock)
    except ValidationError:
        assert not is_boundary
    else:
        assert is_boundary or clock == time(23, 59)


@pytest.mark.feature("S04")
def test_hours_until_the_last_minute_last_until_midnight():
    doctor = doctor_with_hours(time(23), time(23, 59), 15, department__closes_at=time(23, 59))

    slots = offered_slots([doctor], MONDAY, MONDAY)[doctor.pk]

    assert [f"{slot.starts_at:%H:%M}" for slot in slots] == ["23:00", "23:15", "23:30", "23:45"]


@pytest.mark.feature("S04")
def test_a_shift_off_the_grid_from_before_offers_times_that_can_be_booked():
    doctor = doctor_with_hours(time(9), time(10), 15)
    doctor.schedules.update(starts_at=time(9, 3, 30))

    slots = offered_slots([doctor], MONDAY, MONDAY)[doctor.pk]
    for slot in slots:
        book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=slot.starts_at, by=SYSTEM)

    assert [f"{slot.starts_at:%H:%M}" for slot in slots] == ["09:05", "09:20", "09:35"]


@pytest.mark.feature("S04")
def test_a_shift_may_follow_another_and_may_replace_an_ended_one():
    doctor = DoctorFactory(department=DepartmentFactory())
    first = WeeklyScheduleFactory(doctor=doctor, valid_until=timezone.localdate())

    for changes in (
        {"starts_at": time(12), "ends_at": time(14)},
        {"valid_from": timezone.localdate() + timedelta(days=1)},
        {"weekday": 1},
    ):
        new = WeeklyScheduleFactory.build(doctor=doctor, branch=first.branch, **changes)
        save_weekly_schedule(schedule=new, by=SYSTEM)

    assert doctor.schedules.count() == 4
