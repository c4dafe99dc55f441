"""Cancellations, leave, offers and answers in any order: no time has two owners, and none stays free.

After a round of the job nobody waits while a time is free that suits them and was not offered before,
and nobody's visit is anywhere but where they or the desk have put it.
"""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms.core.rights import SYSTEM
from scheduling.availability import offered_slots, outside_hours
from scheduling.cells import cells_between
from scheduling.models import Appointment, Doctor, Offer, PatientClaim, SlotClaim, WaitingListEntry
from scheduling.services import (
    accept_instead,
    accept_offer,
    book_appointment,
    cancel_appointment,
    confirm_booking,
    decline_offer,
    hold_slot,
    leave_waiting_list,
    offer_free_times,
    propose_times,
    refund_instead,
    reschedule_appointment,
)
from scheduling.statuses import HOLDING
from scheduling.waiting_order import in_order, order_key
from tests.factories import DepartmentFactory, PatientFactory, at, doctor_with_hours
from tests.scheduling.test_properties import alive, overlaps
from tests.scheduling.waiting_rows import enter_leave, waits

pytestmark = pytest.mark.feature("S18")

NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)
MOVES = ["join", "join", "join", "book", "hold", "confirm", "cancel", "cancel", "move", "leave", "leave"]
MOVES += ["withdraw", "accept", "decline", "decline", "refund", "go", "later", *["round"] * 4]

moves = st.lists(
    st.tuples(st.sampled_from(MOVES), st.integers(0, 1), st.integers(0, 5), st.integers(0, 5)),
    min_size=25,
    max_size=40,
)


class World:
    """Two doctors of a department with three times a day, and six patients, all booked on the first day."""

    def __init__(self):
        shared = {"department": DepartmentFactory(), "starts_at": time(9), "ends_at": time(10, 30)}
        self.doctors = [doctor_with_hours(**shared) for _each in range(2)]
        self.patients = [PatientFactory() for _each in range(6)]
        self.now = NOON
        for number, patient in enumerate(self.patients):
            starts_at = at(9) + timedelta(minutes=30 * (number % 3))
            self.book(self.doctors[number // 3], patient, starts_at, 0)

    def play(self, move: str, doctor: int, patient: int, number: int) -> None:
        doctor, patient = self.doctors[doctor], self.patients[patient]
        starts_at = at(9, 0, days=1 + number // 3) + timedelta(minutes=30 * (number % 3))
        with suppress(ValidationError):
            getattr(self, move)(doctor, patient, starts_at, number)

    def join(self, doctor, patient, _starts_at, number):
        whom = {"doctor": doctor} if number % 2 else {"department": doctor.department}
        waits(patient=patient, days=(1, 1 + number % 3), urgency=number // 4, **whom)

    def book(self, doctor, patient, starts_at, _number):
        book_appointment(patient=patient, doctor=doctor, starts_at=starts_at, by=SYSTEM)

    def hold(self, doctor, patient, starts_at, _number):
        hold_slot(patient=patient, doctor=doctor, starts_at=starts_at, by=SYSTEM)

    def confirm(self, _doctor, patient, _starts_at, _number):
        if row := Appointment.objects.filter(status="held", patient=patient).first():
            confirm_booking(appointment=row, by=SYSTEM)

    def cancel(self, doctor, _patient, _starts_at, number):
        if row := one_of(Appointment.objects.filter(status="booked", doctor=doctor).order_by("pk"), number):
            cancel_appointment(appointment=row, by=SYSTEM)

    def move(self, doctor, patient, starts_at, _number):
        if row := Appointment.objects.filter(status="booked", patient=patient).first():
            reschedule_appointment(appointment=row, starts_at=starts_at, doctor=doctor, by=SYSTEM)

    def leave(self, doctor, _patient, _starts_at, number):
        enter_leave(doctor, 9, 10 + number % 2, days=1 + number // 3)

    def withdraw(self, doctor, _patient, _starts_at, _number):
        if leave := doctor.exceptions.first():
            leave.delete()

    def accept(self, _doctor, _patient, _starts_at, number):
        if offer := one_of(Offer.objects.open().order_by("pk"), number):
            (accept_instead if offer.is_cascade else accept_offer)(offer=offer, by=SYSTEM)

    def decline(self, _doctor, _patient, _starts_at, number):
        if offer := one_of(Offer.objects.open().exclude(entry=None).order_by("pk"), number):
            decline_offer(offer=offer, by=SYSTEM)

    def refund(self, _doctor, _patient, _starts_at, number):
        if offer := one_of(Offer.objects.open().exclude(displaced=None).order_by("pk"), number):
            refund_instead(offer=offer, by=SYSTEM)

    def go(self, _doctor, patient, _starts_at, _number):
        if entry := WaitingListEntry.objects.waiting().filter(patient=patient).first():
            leave_waiting_list(entry=entry, by=SYSTEM)

    def later(self, _doctor, _patient, _starts_at, number):
        self.now += timedelta(minutes=4**number)

    def round(self, *_any):
        before = booked_times()
        propose_times()
        offer_free_times()
        assert booked_times() == before
        assert waiting_beside_a_free_time() == []
        assert without_an_offer() == []


def one_of(rows, number: int):
    found = list(rows)
    return found[number % len(found)] if found else None


def booked_times() -> set[tuple]:
    return set(Appointment.objects.filter(status="booked").values_list("pk", "doctor", "starts_at"))


def waiting_beside_a_free_time() -> list:
    """Who waits without an offer, and a free time that suits and was not offered to them before."""
    today = timezone.localdate()
    doctors = list(Doctor.objects.select_related("department"))
    slots = offered_slots(doctors, today, today + timedelta(days=4))
    free = [(doctor, slot) for doctor in doctors for slot in slots[doctor.pk]]
    return [
        (entry, slot.starts_at)
        for entry in WaitingListEntry.objects.waiting().without_open_offer()
        for doctor, slot in free
        if entry.doctor == doctor or entry.department == doctor.department
        if entry.first_day <= slot.starts_at.date() <= entry.last_day
        if not entry.offers.filter(hold__doctor=doctor, hold__starts_at=slot.starts_at).exists()
        if not PatientClaim.objects.filter(patient=entry.patient, cell__in=slot.cells).exists()
    ]


def without_an_offer() -> list:
    """Booked visits that leave broke and for which nothing is offered and nobody is to call."""
    broken = outside_hours(Appointment.objects.filter(status="booked", starts_at__gt=timezone.now()))
    return sorted(broken - set(Offer.objects.open().values_list("displaced", flat=True)))


def assert_one_owner() -> None:
    rows = alive(timezone.now())
    assert overlaps(rows, "doctor_id") == []
    assert overlaps(rows, "patient_id") == []
    holding = Appointment.objects.filter(status__in=HOLDING)
    cells = {(row.pk, cell) for row in holding for cell in cells_between(row.starts_at, row.ends_at)}
    for claims in (SlotClaim, PatientClaim):
        assert set(claims.objects.values_list("appointment", "cell")) == cells
    held = set(Appointment.objects.filter(status="held", source="offer").values_list("pk", flat=True))
    assert set(Offer.objects.filter(status="open").values_list("hold", flat=True)) == held
    assert not Offer.objects.open().exclude(displaced=None).exclude(displaced__status__in=HOLDING).exists()


@pytest.mark.slow
@pytest.mark.feature("S19")
@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(moves=moves)
def test_no_time_has_two_owners_and_nobody_waits_beside_a_free_one(moves):
    with transaction.atomic():
        with time_machine.travel(NOON, tick=False):
            world = World()
        for move in [*moves, ("round", 0, 0, 0)]:
            with time_machine.travel(world.now, tick=False):
                world.play(*move)
                assert_one_owner()
        transaction.set_rollback(True)


entries = st.builds(
    WaitingListEntry,
    pk=st.integers(1, 99),
    urgency=st.integers(0, 2),
    joined_at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001
    last_day=st.dates(NOON.date(), NOON.date() + timedelta(days=3)),
)


@given(st.lists(entries, unique_by=lambda entry: entry.pk))
def test_the_order_is_total_and_an_urgent_or_longer_wait_is_never_behind(found):
    ordered = in_order(found)

    assert len({order_key(entry) for entry in ordered}) == len(ordered)
    for one, other in pairwise(ordered):
        assert one.urgency >= other.urgency
        assert one.urgency > other.urgency or one.joined_at <= other.joined_at
