"""Two at once on the day of a visit: told once, one token, one feed for a form sent twice."""

from datetime import timedelta

import pytest
import time_machine

from hms.core.rights import SYSTEM
from scheduling.models import CalendarFeed
from scheduling.services import announce_lateness, check_in_oneself, make_feed
from scheduling.signals import doctor_runs_late
from tests.factories import UserFactory, doctor_with_hours
from tests.racing import race
from tests.scheduling.admin_day import MORNING, visit
from tests.scheduling.queue_days import arrives

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.feature("S21")
def test_workers_at_the_same_time_say_once_that_a_doctor_is_late():
    said = []

    def hear(appointment, minutes, **_kwargs):
        said.append((appointment.pk, minutes))

    with time_machine.travel(MORNING, tick=False) as clock:
        doctor = doctor_with_hours()
        waiting, coming = arrives(doctor, 9), visit(doctor, 11)
        clock.shift(timedelta(minutes=25))
        doctor_runs_late.connect(hear)
        race(*[announce_lateness] * 4)
        doctor_runs_late.disconnect(hear)

    assert sorted(said) == sorted([(waiting.pk, 20), (coming.pk, 20)])


@pytest.mark.feature("S25")
def test_a_patient_who_presses_twice_gets_one_token():
    with time_machine.travel(MORNING, tick=False):
        own = visit(doctor_with_hours(), 10)
        known = {"reference": own.reference, "date_of_birth": own.patient.date_of_birth}
        outcomes = race(*[lambda: str(check_in_oneself(**known, by=SYSTEM).token)] * 4)

    assert outcomes == {"1": 4}


@pytest.mark.feature("N04")
def test_a_form_sent_twice_at_once_makes_one_feed():
    login = UserFactory()

    outcomes = race(*[lambda: str(bool(make_feed(kind="care", idempotency_key="k" * 32, by=login)[1]))] * 4)

    assert outcomes == {"True": 1, "False": 3}
    assert CalendarFeed.objects.count() == 1
