"""At whatever hour and on whatever day the demo is built, the doctor with a login has patients."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command

from scheduling.models import Appointment

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O01"), pytest.mark.slow]

BERLIN = ZoneInfo("Europe/Berlin")  # where the tests' hospital stands
BEGUN = {"arrived", "in_consultation"}


def day_board(*moment: int) -> Counter:
    """How many patients the doctor has in each status at that moment."""
    with time_machine.travel(datetime(*moment, tzinfo=BERLIN), tick=False):
        call_command("seed_demo", doctors=3, patients=25, appointments=40, verbosity=0)
        day = Appointment.objects.on_day(datetime(*moment[:3], tzinfo=BERLIN).date())
        return Counter(day.filter(doctor__user__isnull=False).values_list("status", flat=True))


@pytest.mark.parametrize(
    "moment",
    [
        (2026, 11, 24, 10, 50),
        (2026, 11, 24, 14, 2),
        (2026, 11, 24, 21, 30),
        (2026, 11, 29, 16, 0),  # a Sunday
        (2026, 12, 25, 11, 0),  # a holiday
        (2026, 10, 25, 12, 0),  # the day has 25 hours
        (2026, 3, 29, 12, 0),  # 23 hours
        (2024, 2, 29, 9, 0),
    ],
)
def test_the_board_shows_every_column(moment):
    found = day_board(*moment)

    assert found["in_consultation"] == 1
    assert found["arrived"] == 2
    assert found["booked"] >= 2
    assert found["completed"] >= 2
    assert found["no_show"] == 1


def test_before_midnight_nobody_is_still_to_come():
    found = day_board(2026, 11, 24, 23, 58)

    assert (found["in_consultation"], found["arrived"], found["completed"]) == (1, 1, 2)


@pytest.mark.parametrize("minute", [0, 7, 20, 40])
def test_after_midnight_the_day_has_just_begun(minute):
    found = day_board(2026, 11, 24, 0, minute)

    assert found["arrived"] == 2
    assert found["completed"] <= 1


@pytest.mark.parametrize("moment", [(2026, 4, 1, 0, 30), (2026, 3, 31, 23, 30), (2027, 1, 1, 9, 0)])
def test_the_turn_of_a_year_is_a_day_like_others(moment):
    day_board(*moment)

    assert Appointment.objects.count() == 40
