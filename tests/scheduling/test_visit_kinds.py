"""A first visit takes several slots of some doctors, a follow-up takes one."""

from datetime import time, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms.core.refusals import KeyReused
from hms.core.rights import SYSTEM
from scheduling.availability import BookingTerms, Reason, explain, find_slot, next_free, offered_slots
from scheduling.exceptions import SlotNotOffered, SlotTaken
from scheduling.models import Appointment, PatientClaim, SlotClaim
from scheduling.services import (
    book_appointment,
    cancel_appointment,
    confirm_booking,
    hold_slot,
    reschedule_appointment,
)
from scheduling.statuses import VisitKind
from tests.factories import (
    BranchFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    WeeklyScheduleFactory,
    at,
    carer_of,
    doctor_with_hours,
    staff,
)
from tests.opened import boxes_of
from tests.scheduling.admin_day import page
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


# --- the rule against intervals

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


# --- the pages

TEN = "20261123T0900Z"


@pytest.mark.usefixtures("sunday_evening")
def test_the_doctors_page_asks_and_shows_the_times_of_the_answer(client):
    doctor = new_doctor()
    book(doctor, 10, kind=FOLLOW_UP)

    unasked = client.get(f"/doctors/{doctor.reference}/?day={MONDAY}")
    answered = client.get(f"/doctors/{doctor.reference}/?day={MONDAY}&kind=follow_up")
    fragment = client.get(f"/doctors/{doctor.reference}/times/?day={MONDAY}&kind=follow_up")

    assert [(kind["page"], kind["is_chosen"]) for kind in unasked.context["kinds"]] == [
        (f"/doctors/{doctor.reference}/?kind=first", True),
        (f"/doctors/{doctor.reference}/?kind=follow_up", False),
    ]
    assert unasked.content.decode().count('class="slot"') == 1
    assert [each.content.decode().count('class="slot"') for each in (answered, fragment)] == [3, 3]
    assert f"/book/{doctor.reference}/?kind=follow_up&amp;at=" in fragment.content.decode()


@pytest.mark.usefixtures("sunday_evening")
def test_the_answer_decides_the_hold_and_a_changed_answer_replaces_it(client):
    doctor, patient = new_doctor(), PatientFactory()
    client.force_login(carer_of(patient))
    start = f"/book/{doctor.reference}/?at={TEN}&kind=follow_up"

    shown = client.get(start)
    client.post(start, boxes_of(shown) | {"patient": patient.reference, "visit_kind": "follow_up"})
    held = Appointment.objects.get()
    again = client.get(start)
    client.post(start, boxes_of(again) | {"patient": patient.reference, "visit_kind": "first"})
    instead = Appointment.objects.exclude(pk=held.pk).get()

    held.refresh_from_db()
    assert shown.context["form"].initial["visit_kind"] == "follow_up"
    assert (held.visit_kind, held.minutes, held.status) == (FOLLOW_UP, 30, "cancelled")
    assert (instead.visit_kind, instead.minutes, instead.status) == (FIRST, 60, "held")


@pytest.mark.usefixtures("sunday_evening")
def test_a_time_too_short_for_the_answer_is_explained_and_offers_others(client):
    doctor, patient = new_doctor(), PatientFactory()
    book(doctor, 10, 30, kind=FOLLOW_UP)
    client.force_login(carer_of(patient))
    start = f"/book/{doctor.reference}/?at={TEN}&kind=follow_up"

    answers = boxes_of(client.get(start)) | {"patient": patient.reference, "visit_kind": "first"}
    response = client.post(start, answers)

    assert response.status_code == 409
    assert "The next appointment begins too soon for a first visit." in response.content.decode()
    assert [offer["url"].endswith("kind=first") for offer in response.context["alternatives"]] == [True] * 3
    assert Appointment.objects.count() == 1


@pytest.mark.usefixtures("sunday_evening")
def test_doctors_who_keep_one_length_ask_nothing(client):
    doctor, patient = doctor_with_hours(), PatientFactory()
    client.force_login(carer_of(patient))

    shown = client.get(f"/doctors/{doctor.reference}/?kind=follow_up")
    start = client.get(f"/book/{doctor.reference}/?at={TEN}&kind=follow_up")

    assert shown.context["kinds"] == []
    assert "kind=" not in shown.content.decode()
    assert "visit_kind" not in start.context["form"].fields


@pytest.mark.usefixtures("wednesday_morning")
def test_the_desk_is_shown_the_kind_that_the_record_suggests(client):
    doctor, patient = doctor_with_hours(first_visit_slots=2), PatientFactory()
    known = book(doctor, 9)
    Appointment.objects.filter(pk=known.pk).update(status="completed")
    client.force_login(staff("receptionist"))
    add, day = page("scheduling_appointment_add"), f"{at(9):%Y-%m-%d}"
    kinds = []

    for who in (patient, known.patient):
        address = f"{add}?patient={who.reference}&doctor={doctor.reference}&day={day}"
        kinds.append(client.get(address).context["times"].kind)
    client.post(address, boxes_of(client.get(address)) | {"time": at(10).isoformat(), "source": "desk"})

    booked = Appointment.objects.latest("pk")
    assert kinds == [FIRST, FOLLOW_UP]
    assert (booked.visit_kind, booked.minutes) == (FOLLOW_UP, 30)


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
