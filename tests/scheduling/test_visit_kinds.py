"""A first visit takes several slots of some doctors, a follow-up takes one."""

from datetime import time, timedelta

import pytest
import time_machine

from hms.core.refusals import KeyReused
from hms.core.rights import SYSTEM
from scheduling.availability import BookingTerms, Reason, explain, find_slot, next_free, offered_slots
from scheduling.exceptions import SlotNotOffered, SlotTaken
from scheduling.models import Appointment
from scheduling.services import (
    book_appointment,
    confirm_booking,
    hold_slot,
    reschedule_appointment,
)
from scheduling.services.changes import move_of
from scheduling.statuses import VisitKind
from tests.factories import (
    BranchFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    WeeklyScheduleFactory,
    at,
    doctor_with_hours,
)
from tests.scheduling.offers import MONDAY, SUNDAY_EVENING, clock, free_on

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S31")]

FIRST, FOLLOW_UP = VisitKind.FIRST, VisitKind.FOLLOW_UP
STAFF = BookingTerms.for_staff()


def new_doctor(slots=2, **fields):
    return doctor_with_hours(time(9), time(11), first_visit_slots=slots, **fields)


def book(doctor, hour, minute=0, kind="", **fields) -> Appointment:
    fields.setdefault("patient", None)
    fields["patient"] = fields["patient"] or PatientFactory()
    return book_appointment(doctor=doctor, starts_at=at(hour, minute), visit_kind=kind, by=SYSTEM, **fields)


def offered(doctor, kind) -> list[str]:
    return clock(free_on(doctor, terms=STAFF.of_kind(kind)))


@pytest.mark.usefixtures("sunday_evening")
def test_a_first_visit_begins_at_any_slot_that_has_enough_after_it():
    doctor = new_doctor()
    book(doctor, 10, kind=FOLLOW_UP)

    assert offered(doctor, FOLLOW_UP) == ["09:00", "09:30", "10:30"]
    assert offered(doctor, FIRST) == ["09:00"]
    assert clock(free_on(doctor)) == ["09:00"]  # without an answer, as for a first visit
    assert [(each.reason, each.label) for each in explain(doctor, MONDAY, terms=STAFF)] == [
        (None, ""),
        (Reason.PARTLY_TAKEN, "The next appointment begins too soon for a first visit."),
        (Reason.TAKEN, "This time has been taken."),
        (Reason.TOO_SHORT, "Too little time is left for a first visit."),
    ]


@pytest.mark.usefixtures("sunday_evening")
def test_the_visit_owns_the_cells_of_its_kind():
    doctor = new_doctor(slots=3)

    first, follow_up = book(doctor, 9, kind=FIRST), book(doctor, 10, 30, kind=FOLLOW_UP)

    assert [(row.minutes, row.claims.count(), row.patient_claims.count()) for row in (first, follow_up)] == [
        (90, 18, 18),
        (30, 6, 6),
    ]
    assert next_free([doctor])[doctor.pk].starts_at == at(9, days=2)


@pytest.mark.usefixtures("sunday_evening")
@pytest.mark.parametrize(
    ("hour", "minute", "refusal", "code"),
    [
        (9, 30, SlotNotOffered, "partly_taken"),
        (10, 0, SlotTaken, "slot_taken"),
        (10, 30, SlotNotOffered, "too_short"),
        (9, 15, SlotNotOffered, "not_a_slot"),
    ],
)
def test_the_services_refuse_a_first_visit_without_enough_time(hour, minute, refusal, code):
    doctor = new_doctor()
    book(doctor, 10, kind=FOLLOW_UP)

    with pytest.raises(refusal) as refused:
        book(doctor, hour, minute, kind=FIRST)

    assert refused.value.code == code
    assert Appointment.objects.count() == 1


@pytest.mark.usefixtures("sunday_evening")
def test_a_first_visit_is_overbooked_where_the_next_one_is_in_the_way_but_not_beyond_the_shift():
    doctor = new_doctor()
    book(doctor, 10, kind=FOLLOW_UP)

    squeezed = book(doctor, 9, 30, kind=FIRST, overbooking_reason="Pain")
    with pytest.raises(SlotNotOffered):
        book(doctor, 10, 30, kind=FIRST, overbooking_reason="Pain")

    assert (squeezed.seat, squeezed.minutes) == (1, 60)


@pytest.mark.usefixtures("sunday_evening")
def test_leave_over_the_second_slot_closes_a_first_visit_alone():
    doctor = new_doctor()
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(9, 30), ends_at=at(10))

    assert offered(doctor, FIRST) == ["10:00"]
    assert offered(doctor, FOLLOW_UP) == ["09:00", "10:00", "10:30"]


@pytest.mark.usefixtures("sunday_evening")
def test_a_longest_first_visit_before_midnight_sees_what_closes_the_day_after():
    doctor = doctor_with_hours(time(9), time(9, 30), first_visit_slots=4)
    night = {"kind": "extra", "doctor": doctor, "branch": BranchFactory(), "slot_minutes": 120}
    ScheduleExceptionFactory(starts_at=at(22), ends_at=at(8, days=2), **night)
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(5, days=2), ends_at=at(6, days=2))

    slot = find_slot(doctor, at(22), terms=STAFF)

    assert (slot.minutes, slot.reason) == (480, Reason.LEAVE)


@pytest.mark.usefixtures("sunday_evening")
def test_where_it_makes_no_difference_no_kind_is_kept(django_assert_num_queries):
    single, two = doctor_with_hours(time(9), time(11)), new_doctor()

    with django_assert_num_queries(3):
        offered_slots([single, two], MONDAY, MONDAY)

    assert book(single, 9, kind=FIRST).visit_kind == ""
    assert book(two, 9).visit_kind == FIRST
    assert offered(single, FIRST) == offered(single, FOLLOW_UP) == ["09:30", "10:00", "10:30"]


@pytest.mark.usefixtures("sunday_evening")
def test_a_move_keeps_the_kind_with_the_doctor_and_is_a_first_visit_with_another():
    doctor, other = new_doctor(), new_doctor(slots=4)
    visit = book(doctor, 9, kind=FOLLOW_UP)

    same = reschedule_appointment(appointment=visit, starts_at=at(10, 30), by=SYSTEM)
    assert (same.visit_kind, same.minutes) == (FOLLOW_UP, 30)
    another = reschedule_appointment(appointment=same, starts_at=at(9), doctor=other, by=SYSTEM)
    assert (another.visit_kind, another.minutes, another.claims.count()) == (FIRST, 120, 24)
    told = reschedule_appointment(
        appointment=another, starts_at=at(9), doctor=doctor, visit_kind=FOLLOW_UP, by=SYSTEM
    )
    assert (told.visit_kind, told.minutes) == (FOLLOW_UP, 30)


@pytest.mark.usefixtures("sunday_evening")
def test_a_key_counts_for_one_kind():
    doctor, patient = new_doctor(), PatientFactory()
    first = book(doctor, 9, patient=patient, idempotency_key="once")

    again = book(doctor, 9, kind=FIRST, patient=patient, idempotency_key="once")
    with pytest.raises(KeyReused):
        book(doctor, 9, kind=FOLLOW_UP, patient=patient, idempotency_key="once")

    assert again == first


def test_shifts_of_several_lengths_each_count_their_own_slots():
    with time_machine.travel(SUNDAY_EVENING, tick=False):
        doctor = new_doctor()
        WeeklyScheduleFactory(doctor=doctor, weekday=0, starts_at=time(14), ends_at=time(15), slot_minutes=20)

        visits = [book(doctor, 9), book(doctor, 14)]

    assert [visit.minutes for visit in visits] == [60, 40]


def test_a_hold_that_ran_out_is_booked_with_its_kind():
    with time_machine.travel(SUNDAY_EVENING, tick=False):
        doctor, patient = new_doctor(), PatientFactory()
        held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), visit_kind=FOLLOW_UP, by=SYSTEM)
    with time_machine.travel(SUNDAY_EVENING + timedelta(hours=1), tick=False):
        late = confirm_booking(appointment=held, by=SYSTEM)

    assert (late.status, late.visit_kind, late.minutes) == ("booked", FOLLOW_UP, 30)


@pytest.mark.usefixtures("sunday_evening")
def test_times_for_a_move_leave_out_the_visits_own_claims_in_the_same_queries(django_assert_num_queries):
    doctor = doctor_with_hours(time(9), time(12), first_visit_slots=2)
    visit, other = book(doctor, 10, kind=FIRST), new_doctor()
    same, short = (STAFF.of_kind(kind).moving(move_of(visit, doctor, kind)) for kind in (FIRST, FOLLOW_UP))

    assert clock(free_on(doctor, terms=same)) == ["09:00", "09:30", "10:30", "11:00"]
    assert find_slot(doctor, at(10), terms=same).reason == Reason.CURRENT
    assert clock(free_on(doctor, terms=short)) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    assert move_of(visit, other, FIRST).start is None
    with django_assert_num_queries(3):
        offered_slots([doctor], MONDAY, MONDAY, terms=same)
    moved = reschedule_appointment(appointment=visit, starts_at=at(10, 30), by=SYSTEM)
    assert (moved.starts_at, moved.minutes, moved.claims.count()) == (at(10, 30), 60, 12)


@pytest.mark.usefixtures("sunday_evening")
def test_the_kind_is_corrected_at_the_same_time_and_takes_or_releases_claims():
    doctor = new_doctor()
    visit = book(doctor, 9, kind=FOLLOW_UP)

    longer = reschedule_appointment(appointment=visit, starts_at=at(9), visit_kind=FIRST, by=SYSTEM)
    again = reschedule_appointment(appointment=visit, starts_at=at(9), visit_kind=FIRST, by=SYSTEM)
    assert [(one.visit_kind, one.minutes, one.sequence) for one in (longer, again)] == [(FIRST, 60, 1)] * 2
    assert (visit.claims.count(), visit.patient_claims.count()) == (12, 12)
    shorter = reschedule_appointment(appointment=visit, starts_at=at(9), visit_kind=FOLLOW_UP, by=SYSTEM)
    assert (shorter.visit_kind, shorter.minutes, visit.claims.count()) == (FOLLOW_UP, 30, 6)
    book(doctor, 9, 30, kind=FOLLOW_UP)
    with pytest.raises(SlotNotOffered):
        reschedule_appointment(appointment=visit, starts_at=at(9), visit_kind=FIRST, by=SYSTEM)
    visit.refresh_from_db()
    assert (visit.visit_kind, visit.minutes, visit.claims.count()) == (FOLLOW_UP, 30, 6)
