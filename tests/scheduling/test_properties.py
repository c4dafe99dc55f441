"""Random schedules, bookings, cancellations and moves against a simple model of intervals.

The model has no cells, seats or claims: it is a list of (doctor, patient, start, end) in which no two
entries of one doctor, or of one patient, may overlap.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms.core.rights import SYSTEM
from scheduling.availability import offered_slots
from scheduling.cells import cell_of, cells_between, moment_of
from scheduling.exceptions import PatientBusy, SlotNotOffered, SlotTaken
from scheduling.models import Appointment, Doctor, PatientClaim, SlotClaim, WeeklySchedule
from scheduling.services import (
    book_appointment,
    cancel_appointment,
    confirm_booking,
    hold_slot,
    reschedule_appointment,
)
from scheduling.statuses import HOLDING
from tests.factories import PatientFactory, at, doctor_with_hours

NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)
REFUSED = (SlotTaken, PatientBusy, SlotNotOffered)

moves = st.lists(
    st.tuples(
        st.sampled_from(["book", "hold", "confirm", "cancel", "move", "lengths", "later"]),
        st.integers(0, 1),  # doctor
        st.integers(0, 2),  # patient
        st.integers(0, 35),  # five-minute step of the morning
        st.sampled_from([5, 10, 15, 20, 25, 30, 45, 60]),  # slot length
    ),
    min_size=4,
    max_size=20,
)


@dataclass
class World:
    """Two doctors, three patients, and a clock that only moves forward."""

    doctors: list
    patients: list
    now: datetime = NOON

    def play(self, move: str, doctor: int, patient: int, step: int, minutes: int) -> None:
        doctor, patient = self.doctors[doctor], self.patients[patient]
        starts_at = at(9) + timedelta(minutes=5 * step)
        with suppress(*REFUSED):
            getattr(self, move)(doctor, patient, starts_at, minutes)

    def book(self, doctor, patient, starts_at, _minutes):
        book_appointment(patient=patient, doctor=doctor, starts_at=starts_at, by=SYSTEM)

    def hold(self, doctor, patient, starts_at, _minutes):
        hold_slot(patient=patient, doctor=doctor, starts_at=starts_at, by=SYSTEM)

    def confirm(self, doctor, patient, _starts_at, _minutes):
        if held := Appointment.objects.filter(status="held", doctor=doctor, patient=patient).first():
            confirm_booking(appointment=held, by=SYSTEM)

    def cancel(self, doctor, _patient, _starts_at, _minutes):
        if row := Appointment.objects.filter(status__in=["held", "booked"], doctor=doctor).first():
            cancel_appointment(appointment=row, by=SYSTEM)

    def move(self, doctor, patient, starts_at, _minutes):
        if row := Appointment.objects.filter(status="booked", patient=patient).first():
            reschedule_appointment(appointment=row, starts_at=starts_at, doctor=doctor, by=SYSTEM)

    def lengths(self, doctor, _patient, _starts_at, minutes):
        WeeklySchedule.objects.filter(doctor=doctor).update(slot_minutes=minutes)

    def later(self, _doctor, _patient, _starts_at, minutes):
        self.now += timedelta(minutes=minutes // 5)


def alive(now: datetime) -> list[Appointment]:
    """Appointments that occupy time; an expired hold does not."""
    rows = Appointment.objects.filter(status__in=HOLDING).exclude(held_until__lte=now)
    return list(rows.order_by("starts_at"))


def overlaps(rows: list[Appointment], attribute: str) -> list[tuple]:
    return [
        (one, two)
        for n, one in enumerate(rows)
        for two in rows[n + 1 :]
        if getattr(one, attribute) == getattr(two, attribute)
        and one.starts_at < two.ends_at
        and two.starts_at < one.ends_at
    ]


@pytest.mark.slow
@pytest.mark.feature("S10")
@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(moves=moves)
def test_no_two_appointments_ever_overlap_whatever_happens_to_the_schedule(moves, django_db_blocker):
    SlotClaim.objects.all().delete()
    PatientClaim.objects.all().delete()
    world = World(
        [doctor_with_hours(time(9), time(12)) for _n in range(2)], [PatientFactory() for _n in range(3)]
    )
    for move in moves:
        with time_machine.travel(world.now, tick=False):
            world.play(*move)
            rows = [row for row in alive(world.now) if row.doctor in world.doctors]
            assert overlaps(rows, "doctor_id") == []
            assert overlaps(rows, "patient_id") == []
            claimed = SlotClaim.objects.filter(appointment__in=rows)
            expected = {(row.doctor_id, c) for row in rows for c in cells_between(row.starts_at, row.ends_at)}
            assert set(claimed.values_list("doctor", "cell")) == expected
            assert offered_overlaps(world, rows) == []


def offered_overlaps(world: World, rows: list[Appointment]) -> list:
    """Offered times that overlap an appointment of the same doctor."""
    day = at(9).date()
    doctors = Doctor.objects.filter(pk__in=[doctor.pk for doctor in world.doctors]).select_related(
        "department"
    )
    return [
        (slot, row)
        for pk, slots in offered_slots(doctors, day, day, now=world.now).items()
        for slot in slots
        for row in rows
        if row.doctor_id == pk and slot.starts_at < row.ends_at and row.starts_at < slot.ends_at
    ]


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)), st.integers(1, 600))  # noqa: DTZ001
def test_cells_cover_a_stretch_of_time_and_no_more(starts_at, minutes):
    ends_at = starts_at + timedelta(minutes=minutes)

    cells = cells_between(starts_at, ends_at)

    assert moment_of(cells[0]) <= starts_at < moment_of(cells[0] + 1)
    assert moment_of(cells[-1]) < ends_at <= moment_of(cells[-1] + 1) + timedelta(seconds=1)
    assert cell_of(starts_at) == cells[0]
