"""Which day it is, and who is there."""

from datetime import UTC, datetime

import pytest
import time_machine

from scheduling.services import confirm_booking, hold_slot
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours, staff
from tests.scheduling.admin_day import MORNING, doctor_with_login, visit
from tests.scheduling.offers import SUNDAY_EVENING


@pytest.fixture
def sunday_noon():
    """Sunday 22 November 2026, noon by the hospital's clock."""
    with time_machine.travel(datetime(2026, 11, 22, 11, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def wednesday_morning():
    """Wednesday 10 June 2026, 9:20 by the hospital's clock, which can be put forward."""
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


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
def administrator(client):
    """An administrator, logged in."""
    return logged_in(client, "administrator")


@pytest.fixture
def desk(client):
    """A receptionist, logged in."""
    return logged_in(client, "receptionist")


def logged_in(client, role: str):
    user = staff(role)
    client.force_login(user)
    return user


@pytest.fixture
def doctor():
    return doctor_with_hours(full_name="Dr Asha Rao")


@pytest.fixture
def patient():
    return PatientFactory(full_name="Sunita Deshpande")


@pytest.fixture
def carer(client, patient):
    """The patient's own login, logged in."""
    user = carer_of(patient)
    client.force_login(user)
    return user


@pytest.fixture
def booked(doctor, patient, carer):
    """Booked by the patient for tomorrow at nine."""
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), symptoms="Cough", by=carer)
    return confirm_booking(appointment=held, by=carer)
