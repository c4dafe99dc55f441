"""Shifts, leave, holidays and extra sessions in the admin."""

from datetime import time

import pytest

from scheduling.models import ScheduleException, WeeklySchedule
from tests.factories import (
    BranchFactory,
    DoctorFactory,
    ScheduleExceptionFactory,
    WeeklyScheduleFactory,
    at,
)
from tests.opened import send
from tests.scheduling.admin_day import (
    change_page,
    doctor_form,
    doctor_with_login,
    errors,
    list_page,
    page,
    shift_row,
    visit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning", "administrator")]


# --- the week


@pytest.mark.feature("S04")
def test_a_shift_that_overlaps_is_refused_at_its_row_and_nothing_is_saved(client):
    doctor = doctor_with_login()
    extra = WeeklyScheduleFactory.build(
        doctor=doctor, branch=BranchFactory(), weekday=1, starts_at=time(11), ends_at=time(14)
    )
    form = doctor_form(doctor, full_name="Somebody Else", **{"schedules-TOTAL_FORMS": 8})

    response = send(client, change_page(doctor), form | shift_row(7, extra))

    rows = response.context["inline_admin_formsets"][0].formset.errors
    found = str(WeeklySchedule.objects.get(weekday=1)).replace(doctor.full_name, "Somebody Else")
    doctor.refresh_from_db()
    assert rows[7] == {"__all__": [f"This overlaps with another shift of the doctor: {found}."]}
    assert rows[:7] == [{}] * 7
    assert doctor.full_name != "Somebody Else"
    assert doctor.schedules.count() == 7


@pytest.mark.feature("S04")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_at": "08:30"}, "ends_at"),
        ({"valid_from": "2026-06-10", "valid_until": "2026-06-09"}, "valid_until"),
        ({"ends_at": "21:00"}, "__all__"),
        ({"starts_at": "09:00", "ends_at": "09:20"}, "__all__"),
        ({"weekday": "9"}, "weekday"),
        ({"slot_minutes": "7"}, "slot_minutes"),
    ],
    ids=["backwards", "ends before it starts", "closed", "too short", "no day", "no cells"],
)
def test_a_wrong_shift_is_refused(client, change, field):
    doctor = DoctorFactory()
    shift = {
        "doctor": doctor.pk,
        "branch": BranchFactory().pk,
        "weekday": 0,
        "starts_at": "09:00",
        "ends_at": "12:00",
        "slot_minutes": 30,
        "capacity": 1,
        "mode": "in_person",
        "valid_from": "2026-01-01",
        "valid_until": "",
    }

    response = client.post(page("scheduling_weeklyschedule_add"), shift | change)

    assert list(errors(response)) == [field]
    assert WeeklySchedule.objects.count() == 0


# --- leave and holidays


def exception_form(**changes) -> dict:
    form = {
        "kind": "leave",
        "doctor": "",
        "department": "",
        "reason": "",
        "branch": "",
        "slot_minutes": "15",
        "capacity": "1",
        "mode": "in_person",
        "starts_at_0": "2026-06-11",
        "starts_at_1": "00:00",
        "ends_at_0": "2026-06-12",
        "ends_at_1": "00:00",
    }
    return form | changes


@pytest.mark.feature("S05")
def test_leave_that_affects_no_appointment_is_saved_at_once(client):
    doctor = doctor_with_login()

    response = client.post(page("scheduling_scheduleexception_add"), exception_form(doctor=doctor.pk))

    assert response.url == list_page(ScheduleException)
    assert ScheduleException.objects.get().starts_at == at(0)


@pytest.mark.feature("S05")
def test_leave_that_affects_appointments_shows_them_before_it_is_saved(client):
    booked, other = visit(doctor_with_login(), days=1), visit(doctor_with_login(), days=1)
    form = exception_form(doctor=booked.doctor_id)

    shown = client.post(page("scheduling_scheduleexception_add"), form)
    before = ScheduleException.objects.count()
    saved = client.post(
        page("scheduling_scheduleexception_add"),
        form | {"_breaks": shown.context["breaks"].fingerprint},
    )

    assert shown.context["breaks"].appointments == [booked]
    assert str(other.patient.full_name).encode() not in shown.content
    assert (before, ScheduleException.objects.count()) == (0, 1)
    assert saved.url == list_page(ScheduleException)


@pytest.mark.feature("S05")
def test_a_confirmation_for_other_appointments_is_not_accepted(client):
    booked = visit(doctor_with_login(), days=1)
    form = exception_form(doctor=booked.doctor_id)
    shown = client.post(page("scheduling_scheduleexception_add"), form)
    newcomer = visit(booked.doctor, 11, days=1)

    again = client.post(
        page("scheduling_scheduleexception_add"),
        form | {"_breaks": shown.context["breaks"].fingerprint},
    )

    assert again.context["breaks"].appointments == [booked, newcomer]
    assert ScheduleException.objects.count() == 0


@pytest.mark.feature("S05")
def test_a_change_of_leave_shows_the_appointments_it_affects(client):
    booked = visit(doctor_with_login(), days=1)
    leave = ScheduleExceptionFactory(doctor=booked.doctor, starts_at=at(0, days=5), ends_at=at(5, days=6))

    shown = send(client, change_page(leave), exception_form(doctor=booked.doctor_id))

    leave.refresh_from_db()
    assert shown.context["breaks"].appointments == [booked]
    assert leave.starts_at == at(0, days=5)


@pytest.mark.feature("S05")
@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"ends_at_0": "2026-06-10"}, ["ends_at"]),
        ({"kind": "extra"}, ["doctor", "branch"]),
        ({"doctor": "doctor", "department": "department"}, ["department"]),
        ({"starts_at_0": "2026-06-31"}, ["starts_at"]),
    ],
    ids=["backwards", "extra for nobody", "two owners", "no such day"],
)
def test_a_wrong_exception_is_refused_at_the_field(client, changes, fields):
    doctor = doctor_with_login()
    rows = {"doctor": doctor.pk, "department": doctor.department_id}
    changes = {name: rows.get(value, value) for name, value in changes.items()}

    response = client.post(page("scheduling_scheduleexception_add"), exception_form(**changes))

    assert list(errors(response)) == fields
    assert ScheduleException.objects.count() == 0
