"""The quick search for the next free time finds the same time as the complete list of slots."""

from datetime import date, time

import pytest

from hms.core.rights import SYSTEM
from scheduling.availability import next_free, offered_slots
from scheduling.models import Doctor
from scheduling.services import book_appointment
from tests.factories import (
    BranchFactory,
    DoctorFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    WeeklyScheduleFactory,
    at,
    doctor_with_hours,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S06"), pytest.mark.usefixtures("sunday_noon")]
TODAY, HORIZON = date(2026, 11, 22), date(2026, 12, 22)


def closed(doctor, kind="leave", *, starts_at, ends_at):
    ScheduleExceptionFactory(kind=kind, doctor=doctor, starts_at=starts_at, ends_at=ends_at)


def extra(doctor, *, starts_at, ends_at):
    fields = {"kind": "extra", "branch": BranchFactory(), "slot_minutes": 30}
    ScheduleExceptionFactory(doctor=doctor, starts_at=starts_at, ends_at=ends_at, **fields)


def nothing(_doctor):
    pass


def test_doctors_are_taken_from_a_generator_too():
    doctors = [doctor_with_hours(), doctor_with_hours()]

    assert next_free(doctor for doctor in doctors) == next_free(doctors)


def leave_all_of_tomorrow(doctor):
    closed(doctor, starts_at=at(0), ends_at=at(0, days=2))


def leave_in_the_middle_of_a_slot(doctor):
    closed(doctor, starts_at=at(9, 10), ends_at=at(9, 20))


def two_leaves_that_close_a_shift_together(doctor):
    closed(doctor, starts_at=at(8), ends_at=at(10))
    closed(doctor, starts_at=at(10), ends_at=at(13))


def extra_session_before_the_shift(doctor):
    extra(doctor, starts_at=at(7), ends_at=at(8))


def extra_session_over_the_shift_on_a_holiday(doctor):
    extra(doctor, starts_at=at(9, 30), ends_at=at(10, 30))
    closed(doctor, "holiday", starts_at=at(0), ends_at=at(0, days=2))


def extra_session_from_the_evening_before(doctor):
    extra(doctor, starts_at=at(23, days=0), ends_at=at(1))
    closed(doctor, starts_at=at(22, days=0), ends_at=at(0))


def first_two_times_taken(doctor):
    for hour, minute in ((9, 0), (9, 30)):
        patient = PatientFactory()
        book_appointment(patient=patient, doctor=doctor, starts_at=at(hour, minute), by=SYSTEM)


def department_that_opens_later(doctor):
    doctor.department.opens_at = time(10, 15)
    doctor.department.save()


def no_shift_before_friday(doctor):
    doctor.schedules.exclude(weekday=4).delete()


def registration_ends_today(doctor):
    Doctor.objects.filter(pk=doctor.pk).update(registration_expires_on=TODAY)


SITUATIONS = {
    nothing: lambda: at(9),
    leave_all_of_tomorrow: lambda: at(9, days=2),
    leave_in_the_middle_of_a_slot: lambda: at(9, 30),
    two_leaves_that_close_a_shift_together: lambda: at(9, days=2),
    extra_session_before_the_shift: lambda: at(7),
    extra_session_over_the_shift_on_a_holiday: lambda: at(9, 30),
    extra_session_from_the_evening_before: lambda: at(0),
    first_two_times_taken: lambda: at(10),
    department_that_opens_later: lambda: at(10, 30),
    no_shift_before_friday: lambda: at(9, days=5),
    registration_ends_today: lambda: None,
}


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda made: made.__name__)
def test_the_next_free_time_is_the_first_that_is_offered(situation):
    situation(doctor_with_hours())
    doctor = Doctor.objects.select_related("department").get()

    first = next_free([doctor])[doctor.pk]

    offered = offered_slots([doctor], TODAY, HORIZON)[doctor.pk]
    assert (first and first.starts_at) == SITUATIONS[situation]()
    assert first == (offered[0] if offered else None)


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_up_to_the_horizon_takes_nine_queries_for_any_number(django_assert_num_queries, count):
    for _n in range(count):
        WeeklyScheduleFactory(doctor=DoctorFactory(), valid_from=date(2026, 12, 14))
    doctors = list(Doctor.objects.select_related("department"))

    with django_assert_num_queries(9):
        found = next_free(doctors)

    assert {slot.starts_at.date() for slot in found.values()} == {date(2026, 12, 14)}
