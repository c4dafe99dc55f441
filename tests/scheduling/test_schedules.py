"""Impossible shifts are refused."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from hms.core.rights import SYSTEM
from scheduling.exceptions import (
    OutsideDepartmentHours,
    ShiftsOverlap,
    ShiftTooShort,
)
from scheduling.services import (
    save_weekly_schedule,
)
from tests.factories import (
    DepartmentFactory,
    DoctorFactory,
    WeeklyScheduleFactory,
)

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
