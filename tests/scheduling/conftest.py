"""Fixtures for appointments and dates."""

import pytest
import time_machine

from tests.scheduling.admin_day import doctor_with_login, visit
from tests.scheduling.offers import SUNDAY_EVENING


@pytest.fixture
def appointment():
    """Today at ten, with a doctor who may log in."""
    return visit(doctor_with_login())


@pytest.fixture
def sunday_evening():
    """The evening before MONDAY."""
    with time_machine.travel(SUNDAY_EVENING, tick=False):
        yield


@pytest.fixture
def told_desk(settings):
    """A hospital in which the front desk changes the bookings of doctors."""
    settings.BOOKING = settings.BOOKING | {"doctors_manage": False}
