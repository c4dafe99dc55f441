"""Fixtures for appointments and dates."""

from datetime import time

import pytest
import time_machine

from tests.factories import BranchFactory, DoctorFactory
from tests.scheduling.admin_day import doctor_with_login, visit
from tests.scheduling.branches import consults
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


@pytest.fixture
def north():
    return BranchFactory(code="north", name="North")


@pytest.fixture
def south():
    return BranchFactory(code="south", name="South")


@pytest.fixture
def asha(north, south):
    """In the morning at North, at noon by video, in the afternoon at South."""
    doctor = consults(north, time(9), time(10), DoctorFactory(full_name="Dr Asha"))
    consults(north, time(12), time(13), doctor, mode="video")
    return consults(south, time(15), time(16), doctor)
