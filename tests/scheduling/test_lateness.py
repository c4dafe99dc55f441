"""That a doctor runs late is said once for each visit and threshold."""

from datetime import time, timedelta

import pytest

from hms.core.rights import SYSTEM
from scheduling.queues.lateness import minutes_late
from scheduling.services import (
    announce_lateness,
    complete_consultation,
    reschedule_appointment,
    start_consultation,
)
from scheduling.signals import doctor_runs_late
from tests.factories import at, doctor_with_hours
from tests.scheduling.admin_day import visit
from tests.scheduling.queue_days import arrives, inside

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S21")]


@pytest.fixture
def said(wednesday_morning):
    heard = []

    def hear(appointment, minutes, **_kwargs):
        heard.append((appointment.reference, minutes))

    doctor_runs_late.connect(hear)
    yield heard
    doctor_runs_late.disconnect(hear)


def test_it_is_said_once_for_each_threshold_to_those_who_wait_or_come_soon(said, wednesday_morning):
    doctor, other = doctor_with_hours(ends_at=time(15)), doctor_with_hours()
    waiting, soon, later = arrives(doctor, 9), visit(doctor, 11), visit(doctor, 14)
    visit(doctor, 9, 30)  # its time will be over
    arrives(other, 11)

    counts = []
    for minutes in (19, 1, 0, 19, 1, 20):  # at 9:39 and so on: later by 20 minutes at 9:40, by 40 at 10:00
        wednesday_morning.shift(timedelta(minutes=minutes))
        counts.append(announce_lateness())

    assert counts == [0, 2, 0, 0, 2, 0]
    assert said == [(row.reference, minutes) for minutes in (20, 40) for row in (waiting, soon)]
    assert later.reference not in dict(said)


def test_a_lower_threshold_is_not_said_after_a_higher_one(said, wednesday_morning):
    doctor = doctor_with_hours(capacity=3)
    first, later = arrives(doctor, 9), visit(doctor, 11, 30)
    wednesday_morning.shift(timedelta(minutes=45))
    announce_lateness()
    start_consultation(appointment=first, by=SYSTEM)
    complete_consultation(appointment=first, by=SYSTEM)
    arrives(doctor, 10, 30)  # at 10:05
    wednesday_morning.shift(timedelta(minutes=46))  # 21 minutes late

    announce_lateness()

    assert said[:2] == [(first.reference, 40), (later.reference, 40)]
    assert [minutes for reference, minutes in said[2:] if reference != later.reference] == [20]
    assert len(said) == 3


def test_a_moved_visit_is_told_again_of_its_new_doctor(said, wednesday_morning):
    first, second = doctor_with_hours(ends_at=time(18)), doctor_with_hours(ends_at=time(18))
    for doctor in (first, second):
        arrives(doctor, 9)
    moved = visit(first, 12)
    wednesday_morning.shift(timedelta(minutes=25))
    announce_lateness()

    reschedule_appointment(appointment=moved, doctor=second, starts_at=at(12, 30, days=0), by=SYSTEM)
    announce_lateness()

    assert said.count((moved.reference, 20)) == 2


def test_late_is_who_calls_late_and_not_who_waits_for_a_late_patient(wednesday_morning):
    doctor = doctor_with_hours(capacity=3)
    called, waits = inside(doctor, 9), arrives(doctor, 9)  # all came at 9:20
    now = called.started_at

    found = [minutes_late([called, waits], now + timedelta(minutes=minutes)) for minutes in (0, 30)]

    assert (found, minutes_late([called], now + timedelta(hours=1))) == ([0, 30], 0)
