from datetime import time

import pytest

from scheduling.models import ScheduleException, WeeklySchedule
from scheduling.services import book_appointment
from tests.api.calls import Caller, told
from tests.factories import (
    BranchFactory,
    DoctorFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    at,
    carer_of,
    doctor_with_hours,
    staff,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("I01")]


@pytest.fixture
def admin():
    return Caller(staff("administrator"))


def test_shifts_are_added_changed_and_deleted(admin):
    doctor, branch = DoctorFactory(), BranchFactory()
    path = f"doctors/{doctor.reference}/schedules/"
    shift = {
        "weekday": 0,
        "starts_at": "09:00",
        "ends_at": "12:00",
        "branch": branch.code,
        "slot_minutes": 20,
    }

    added = admin.post(path, shift)
    overlapping = admin.post(path, shift | {"starts_at": "11:00", "ends_at": "13:00"})
    backwards = admin.post(path, shift | {"weekday": 1, "ends_at": "08:00"})
    one = f"{path}{added.json()['number']}/"
    changed = admin.patch(one, {"ends_at": "13:00"})

    assert (added.status_code, changed.json()["ends_at"]) == (201, "13:00")
    assert told(overlapping) == (409, "shifts_overlap")
    assert list(backwards.json()["errors"]) == ["ends_at"]
    assert WeeklySchedule.objects.get().ends_at == time(13)
    assert admin.get(path).json()["count"] == 1
    assert admin.delete(one).status_code == 204
    assert not WeeklySchedule.objects.exists()


def test_leave_is_added_and_its_bookings_are_shown(admin):
    doctor = doctor_with_hours()
    patient = PatientFactory()
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=carer_of(patient))
    path = f"doctors/{doctor.reference}/exceptions/"
    leave = {"kind": "leave", "starts_at": at(0).isoformat(), "ends_at": at(23).isoformat(), "reason": "Away"}

    refused = admin.post(path, leave)
    none_yet = ScheduleException.objects.count()
    added = admin.post(f"{path}?confirm={refused.json()['confirm']}", leave)

    assert (told(refused), none_yet) == ((409, "puts_outside_hours"), 0)
    assert (added.status_code, added.json()["reason"]) == (201, "Away")
    assert list(admin.post(path, leave | {"kind": "extra"}).json()["errors"]) == ["branch"]
    assert told(admin.post(path, leave | {"kind": "holiday"})) == (400, "invalid")


def test_a_shift_of_another_doctor_is_not_found(admin):
    shift = doctor_with_hours().schedules.first()

    assert told(admin.get(f"doctors/{DoctorFactory().reference}/schedules/{shift.pk}/")) == (404, "not_found")


@pytest.mark.parametrize(("path", "queries"), [("schedules/", 7), ("exceptions/", 7)])
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_hours_take_the_same_queries(admin, path, queries, rows, django_assert_num_queries):
    doctor = DoctorFactory()
    for day in range(rows):
        doctor.schedules.create(branch=BranchFactory(), weekday=day, starts_at=time(9), ends_at=time(12))
        ScheduleExceptionFactory(doctor=doctor)

    with django_assert_num_queries(queries):
        assert len(admin.get(f"doctors/{doctor.reference}/{path}").json()["results"]) == rows


def test_colleagues_are_told_that_a_doctor_is_away_and_not_why(admin):
    doctor = DoctorFactory()
    ScheduleExceptionFactory(doctor=doctor, reason="Chemotherapy")
    path = f"doctors/{doctor.reference}/exceptions/"

    shown = {
        name: caller.get(path) for name, caller in (("all", admin), ("lab", Caller(staff("lab_technician"))))
    }

    assert "Chemotherapy" in shown["all"].text
    assert shown["lab"].status_code in (200, 403)
    assert "Chemotherapy" not in shown["lab"].text
