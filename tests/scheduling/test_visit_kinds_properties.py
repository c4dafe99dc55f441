"""Random bookings of both kinds against a rule of intervals without cells, claims or masks."""

from datetime import time, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms.core.rights import SYSTEM
from scheduling.availability import BookingTerms
from scheduling.exceptions import SlotNotOffered, SlotTaken
from scheduling.models import Appointment, PatientClaim, SlotClaim
from scheduling.services import book_appointment, cancel_appointment, reschedule_appointment
from scheduling.statuses import VisitKind
from tests.factories import PatientFactory, at, doctor_with_hours
from tests.scheduling.offers import MONDAY, SUNDAY_EVENING, free_on

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S31")]

FIRST, FOLLOW_UP = VisitKind.FIRST, VisitKind.FOLLOW_UP
STAFF = BookingTerms.for_staff()

steps = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "book", "cancel", "move", "slots", "lengths"]),
        st.integers(0, 35),  # five-minute step of the morning
        st.sampled_from([FIRST, FOLLOW_UP]),
        st.sampled_from([(1, 5), (2, 10), (3, 15), (4, 20), (2, 30), (1, 45)]),  # slots, minutes
    ),
    min_size=4,
    max_size=14,
)


@pytest.mark.slow
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(steps=steps, capacity=st.integers(1, 2))
def test_what_is_offered_can_be_booked_and_nothing_else_and_nothing_overlaps(steps, capacity):
    SlotClaim.objects.all().delete()
    PatientClaim.objects.all().delete()
    with time_machine.travel(SUNDAY_EVENING, tick=False):
        doctor = doctor_with_hours(time(9), time(12), slot_minutes=15, capacity=capacity, first_visit_slots=2)
        for step, offset, kind, lengths in steps:
            starts_at = at(9) + timedelta(minutes=5 * offset)
            is_offered = str(starts_at) in free_of(doctor, kind)
            assert play(doctor, step, starts_at, kind, lengths) in (None, is_offered)
            assert busiest(doctor) <= capacity


def free_of(doctor, kind) -> set[str]:
    """The starts at which every minute of the visit is within hours and has a seat, by plain intervals."""
    shift = doctor.schedules.get(weekday=MONDAY.weekday())
    length = timedelta(minutes=shift.slot_minutes * (doctor.first_visit_slots if kind == FIRST else 1))
    starts = [at(9) + timedelta(minutes=n) for n in range(0, 180, shift.slot_minutes)]
    by_rule = {str(start) for start in starts if start + length <= at(12) and has_seat(doctor, start, length)}
    by_code = {str(slot.starts_at) for slot in free_on(doctor, terms=STAFF.of_kind(kind))}
    assert by_code == by_rule
    return by_code


def has_seat(doctor, start, length) -> bool:
    """One seat is free throughout."""
    capacity = doctor.schedules.first().capacity
    taken = {row.seat for row in booked(doctor) if row.starts_at < start + length and start < row.ends_at}
    return len([seat for seat in taken if seat < capacity]) < capacity


def booked(doctor) -> list[Appointment]:
    return list(Appointment.objects.filter(doctor=doctor, status="booked").order_by("pk"))


def busiest(doctor) -> int:
    rows = booked(doctor)
    return max((sum(a.starts_at <= b.starts_at < a.ends_at for a in rows) for b in rows), default=0)


def play(doctor, step: str, starts_at, kind: str, lengths: tuple[int, int]) -> bool | None:
    """Whether a booking succeeded; None for everything else."""
    rows = booked(doctor)
    if step == "book":
        try:
            visit = book_appointment(
                patient=PatientFactory(), doctor=doctor, starts_at=starts_at, visit_kind=kind, by=SYSTEM
            )
        except (SlotTaken, SlotNotOffered):
            return False
        assert visit.minutes == doctor.schedules.first().slot_minutes * (
            doctor.first_visit_slots if kind == FIRST else 1
        )
        return True
    if step == "cancel" and rows:
        cancel_appointment(appointment=rows[0], by=SYSTEM)
    elif step == "move" and rows:
        try:
            reschedule_appointment(appointment=rows[-1], starts_at=starts_at, visit_kind=kind, by=SYSTEM)
        except (SlotTaken, SlotNotOffered):
            return None
    elif step == "slots":
        doctor.first_visit_slots = lengths[0]
        doctor.save()
    elif step == "lengths":
        doctor.schedules.update(slot_minutes=lengths[1])
    return None
