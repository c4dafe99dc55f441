"""Nobody is reminded of a visit that the doctor cannot keep."""

from datetime import timedelta

import pytest
import time_machine

from hms.notifications.services import note_event
from scheduling.services import propose_times
from tests.notifications.visits import reminded
from tests.scheduling.waiting_rows import enter_leave

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S19"), pytest.mark.usefixtures("sunday_noon")]


def test_reminders_stop_while_another_time_is_sought_and_go_on_afterwards(booked):
    leave = enter_leave(booked.doctor)
    propose_times()
    with time_machine.travel(booked.starts_at - timedelta(minutes=59), tick=False):
        away = reminded()
        leave.delete()
        propose_times()
        back = reminded()

    assert (away, len(back)) == ([], 1)


def test_a_reminder_that_waited_for_the_morning_is_not_sent_after_a_leave(booked):
    note_event(kind="reminder", appointment=booked, minutes=60)
    enter_leave(booked.doctor)

    assert reminded() == []
