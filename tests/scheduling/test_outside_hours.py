"""Which upcoming appointments are outside their doctor's working hours."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from hms.core.rights import SYSTEM
from scheduling.availability import offered_slots, outside_hours
from scheduling.models import Appointment, Branch, Department, Doctor, WeeklySchedule
from scheduling.services import cancel_appointment
from tests.factories import (
    BranchFactory,
    DoctorFactory,
    ScheduleExceptionFactory,
    at,
)
from tests.scheduling.admin_day import doctor_with_login, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("S05")]
TOMORROW = date(2026, 11, 23)


@pytest.fixture
def doctor():
    return doctor_with_login()


@pytest.fixture
def booked(doctor):
    """Tomorrow, Monday, 10:30 to 11:00; another doctor's appointment at the same time is never affected."""
    visit(doctor_with_login(), 10, 30, days=1)
    return visit(doctor, 10, 30, days=1)


def outside(**narrowed) -> set[int]:
    return outside_hours(Appointment.objects.filter(**narrowed))


CHANGES = {
    "doctor gone": (Doctor, {"is_active": False}),
    "registration ends before": (Doctor, {"registration_expires_on": TOMORROW - timedelta(days=1)}),
    "department closed": (Department, {"is_active": False}),
    "department opens later": (Department, {"opens_at": time(10, 35)}),
    "department closes earlier": (Department, {"closes_at": time(10, 55)}),
    "branch closed": (Branch, {"is_active": False}),
    "other weekday": (WeeklySchedule, {"weekday": 6}),
    "begins later": (WeeklySchedule, {"starts_at": time(11)}),
    "ends earlier": (WeeklySchedule, {"ends_at": time(10, 59)}),
    "ended": (WeeklySchedule, {"valid_until": TOMORROW - timedelta(days=1)}),
    "begins another week": (WeeklySchedule, {"valid_from": TOMORROW + timedelta(days=1)}),
    "by video": (WeeklySchedule, {"mode": "video"}),
    "registration ends that day": (Doctor, {"registration_expires_on": TOMORROW}),
    "department opens then": (Department, {"opens_at": time(10, 30)}),
    "department closes then": (Department, {"closes_at": time(11)}),
    "ends with the visit": (WeeklySchedule, {"ends_at": time(11)}),
    "ends that day": (WeeklySchedule, {"valid_until": TOMORROW}),
    "longer slots": (WeeklySchedule, {"slot_minutes": 45}),
}
KEPT = [
    *("registration ends that day", "department opens then", "department closes then"),
    *("ends with the visit", "ends that day", "longer slots"),
]


def owned_by(doctor: Doctor, model: type):
    """The row of this model that the doctor's Monday shift depends on."""
    monday = doctor.schedules.get(weekday=0)
    rows = {Doctor: doctor, Department: doctor.department, Branch: monday.branch, WeeklySchedule: monday}
    return rows[model]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_puts_appointments_outside_the_remaining_hours(doctor, booked, change):
    model, columns = CHANGES[change]
    before = outside()

    model.objects.filter(pk=owned_by(doctor, model).pk).update(**columns)

    assert before == set()
    assert outside() == (set() if change in KEPT else {booked.pk})


def test_moving_a_shift_to_another_branch_puts_its_appointments_outside_hours(doctor, booked):
    doctor.schedules.update(branch=BranchFactory())

    assert outside() == {booked.pk}


def test_deleting_a_shift_puts_its_appointments_outside_hours(doctor, booked):
    doctor.schedules.all().delete()

    assert outside() == {booked.pk}


def test_two_adjacent_shifts_cover_an_appointment_across_their_boundary(doctor, booked):
    monday = doctor.schedules.get(weekday=0)
    WeeklySchedule.objects.filter(pk=monday.pk).update(ends_at=time(10, 45))
    monday.pk, monday.starts_at = None, time(10, 45)
    monday.save()

    assert outside() == set()
    WeeklySchedule.objects.filter(pk=monday.pk).update(starts_at=time(10, 50))
    assert outside() == {booked.pk}


@pytest.mark.parametrize("kind", ["leave", "holiday"])
@pytest.mark.parametrize(
    ("window", "touches"),
    [(((9, 0), (10, 30)), False), (((11, 0), (12, 0)), False), (((10, 45), (10, 50)), True)],
)
def test_leave_and_holidays_put_overlapping_appointments_outside_hours(doctor, booked, kind, window, touches):
    starts_at, ends_at = (at(*clock) for clock in window)

    ScheduleExceptionFactory(kind=kind, doctor=doctor, starts_at=starts_at, ends_at=ends_at)

    assert outside() == ({booked.pk} if touches else set())


def test_a_holiday_of_a_department_or_of_everybody_affects_more_appointments(doctor, booked):
    both = set(Appointment.objects.values_list("pk", flat=True))
    window = {"kind": "holiday", "starts_at": at(8), "ends_at": at(13)}

    holiday = ScheduleExceptionFactory(department=doctor.department, **window)
    of_the_department = outside()
    holiday.delete()
    ScheduleExceptionFactory(**window)

    assert (of_the_department, outside()) == ({booked.pk}, both)
    assert len(both) == 2


def extra_session(doctor, **changes):
    times = {"starts_at": at(17), "ends_at": at(18)}
    fields = {"kind": "extra", "doctor": doctor, "slot_minutes": 30, "branch": BranchFactory()}
    return ScheduleExceptionFactory(**(fields | times | changes))


def test_an_extra_session_covers_appointments_on_a_holiday_but_not_during_leave(doctor):
    extra_session(doctor)
    booked = visit(doctor, 17, days=1)
    window = {"doctor": doctor, "starts_at": at(8), "ends_at": at(19)}

    ScheduleExceptionFactory(kind="holiday", **window)
    on_a_holiday = outside()
    ScheduleExceptionFactory(kind="leave", **window)

    assert (on_a_holiday, outside()) == (set(), {booked.pk})


def test_an_extra_session_in_a_closed_branch_offers_and_covers_nothing(doctor):
    extra = extra_session(doctor)
    booked = visit(doctor, 17, days=1)

    Branch.objects.filter(pk=extra.branch_id).update(is_active=False)

    offered = offered_slots([doctor], TOMORROW, TOMORROW)[doctor.pk]
    assert [slot.starts_at.hour for slot in offered] == [9, 9, 10, 10, 11, 11]
    assert outside() == {booked.pk}


def test_cancelled_past_and_expired_appointments_are_not_outside_hours(doctor, booked):
    cancelled, over = visit(doctor, 9, days=1), visit(doctor, 11, days=1)
    cancel_appointment(appointment=cancelled, by=SYSTEM)
    held = visit(doctor, 10, days=1)
    now = timezone.now()
    Appointment.objects.filter(pk=held.pk).update(status="held", held_until=now)
    Appointment.objects.filter(pk=over.pk).update(starts_at=now - timedelta(hours=2), ends_at=now)

    Doctor.objects.filter(pk=doctor.pk).update(is_active=False)

    assert outside() == {booked.pk}


@pytest.mark.parametrize("doctors", [1, 3])
def test_the_search_takes_four_queries_for_any_number_of_doctors(django_assert_num_queries, doctors):
    for number in range(doctors):
        booked = visit(doctor_with_login(), 10, days=1 + 7 * number)
        Doctor.objects.filter(pk=booked.doctor_id).update(is_active=False)
    DoctorFactory()

    with django_assert_num_queries(4):
        found = outside()

    assert len(found) == doctors
