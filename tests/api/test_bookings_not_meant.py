"""What would be something else than the client meant, or leads nowhere."""

import pytest

from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from scheduling.services import book_appointment
from tests.api.calls import Caller, told
from tests.api.test_bookings import wanted
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("I01")]


@pytest.fixture
def doctor():
    return doctor_with_hours()


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def call(patient):
    return Caller(carer_of(patient))


@pytest.mark.parametrize("name", ["patient_ref", "Patient", "shown_price", "code"])
def test_a_field_that_is_not_known_is_refused_instead_of_booking_something_else(call, doctor, patient, name):
    booked = book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)
    known = {"code": "x", "message": "x", name: "x"}

    for answer in (
        call.post("bookings/", wanted(doctor, at(10)) | known),
        call.patch(f"bookings/{booked.reference}/", {"starts_at": at(11).isoformat()} | known),
    ):
        assert told(answer) == (400, "invalid")
        assert answer.json()["errors"][name] == [
            {"code": "unknown", "message": "There is no such field here."}
        ]
    assert list(Appointment.objects.values_list("starts_at")) == [(booked.starts_at,)]


def test_a_time_is_not_held_for_money_that_nobody_takes_online(call, doctor, settings):
    settings.ONLINE_GATEWAY = ""

    answer = call.post("bookings/", wanted(doctor, pay="online"))

    assert told(answer) == (400, "invalid")
    assert [each["code"] for each in answer.json()["errors"]["pay"]] == ["method_not_offered"]
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_the_calendar_is_refused_at_its_field(call, name, day):
    answer = call.get(f"bookings/?{name}={day}")

    assert told(answer) == (400, "invalid")
    assert answer.json()["errors"][name] == [{"code": "too_far", "message": "This day is too far away."}]
