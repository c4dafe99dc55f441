"""The day of a visit without a login: a kiosk, the place in the queue, the wall; and a video call."""

from datetime import timedelta

import pytest

from hms.core.rights import SYSTEM
from scheduling.services import start_consultation
from tests.browser.keyboard import Keyboard
from tests.browser.rows import given_a_doctor
from tests.factories import PatientFactory, carer_of
from tests.scheduling.admin_day import visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.feature("S25")
@pytest.mark.feature("S21")
def test_a_patient_checks_in_by_keyboard_at_a_kiosk_without_javascript_and_sees_when_it_is_time(visitor):
    doctor = given_a_doctor()
    first = visit(doctor, 10, patient=PatientFactory(full_name="Ravi Nair"))
    own = visit(doctor, 10, 30, patient=PatientFactory(full_name="Sunita Deshpande"))
    kiosk, wall = visitor(javascript=False), visitor(width=1920)

    for each in (first, own):
        kiosk.opens("/check-in/?kiosk")
        keys = Keyboard(kiosk)
        keys.writes("Reference of the booking", each.reference)
        keys.writes("Day", "15")
        keys.writes("Month", "3")
        keys.writes("Year", "1984")
        keys.follows("Check in")
    kiosk.sees("You are checked in", "Your token 2")
    wall.opens(f"/queue/{own.branch.code}/")
    wall.sees(doctor.full_name, "Next1 2")
    kiosk.follows("See my place in the queue")
    kiosk.sees("1 patient is before you.", "You will probably be called")
    start_consultation(appointment=first, by=SYSTEM)

    wall.opens(f"/queue/{own.branch.code}/")
    wall.sees("Inside1", "Next2")
    wall.sees_no("Ravi", "Sunita")
    kiosk.page.reload()
    kiosk.sees("You are about to be called.")


@pytest.mark.feature("S16")
@pytest.mark.feature("N04")
def test_a_patient_consents_to_a_video_call_and_subscribes_to_a_calendar(visitor, clock):
    doctor = given_a_doctor()
    doctor.schedules.update(mode="video")
    call = visit(doctor, 10)
    clock.move_to(call.starts_at - timedelta(minutes=5))
    asha = visitor(width=360)
    asha.logs_in_as(carer_of(call.patient))

    asha.opens(call.get_absolute_url())
    asha.follows("Video call")
    asha.presses_in_vain("Continue to the call")
    asha.ticks(f"{call.patient.full_name}, born on")
    asha.ticks("I consent to a consultation by video")
    asha.presses("Continue to the call")
    asha.sees("The doctor comes into the call when it is your turn.")
    asha.opens("/me/calendar/")
    asha.presses("Make an address")
    asha.sees("Your new address", "It is not shown again.")
