"""The page fragments with one day's free times."""

from datetime import time

import pytest

from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from scheduling.services import book_appointment, hold_slot
from tests.factories import (
    BranchFactory,
    DepartmentFactory,
    DoctorFactory,
    PatientFactory,
    WeeklyScheduleFactory,
    at,
    carer_of,
    doctor_with_hours,
)
from tests.scheduling.pages import links, text, times

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S07"),
    pytest.mark.usefixtures("sunday_noon"),
]
TIMES_QUERIES = 4


def test_every_free_time_leads_to_its_booking(client):
    doctor = doctor_with_hours(time(9), time(10))

    response = client.get(f"/doctors/{doctor.reference}/times/?day=2026-11-23")

    assert times(response) == ["9:00 AM", "9:30 AM"]
    assert links(response) == [
        f"/book/{doctor.reference}/?at=20261123T0800Z",
        f"/book/{doctor.reference}/?at=20261123T0830Z",
    ]


def test_times_are_grouped_by_part_of_the_day_place_and_mode(client):
    doctor = DoctorFactory()
    old_town, harbour = BranchFactory(name="Old town"), BranchFactory(name="Harbour")
    for branch, start, mode in [
        (old_town, 11, "in_person"),
        (harbour, 14, "in_person"),
        (harbour, 18, "video"),
    ]:
        WeeklyScheduleFactory(
            doctor=doctor, branch=branch, mode=mode, starts_at=time(start), ends_at=time(start + 2)
        )

    response = client.get(f"/doctors/{doctor.reference}/times/?day=2026-11-23")

    assert text(response) == (
        "Monday 23 November 12 free times "
        "Morning Old town 11:00 AM 11:30 AM Afternoon Old town 12:00 PM 12:30 PM "
        "Afternoon Harbour 2:00 PM 2:30 PM 3:00 PM 3:30 PM "
        "Evening Video call 6:00 PM 6:30 PM 7:00 PM 7:30 PM"
    )


def test_times_that_are_held_or_booked_are_not_offered(client):
    doctor, patient = doctor_with_hours(time(9), time(11)), PatientFactory()
    hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer_of(patient))
    book_appointment(patient=patient, doctor=doctor, starts_at=at(10), by=SYSTEM)

    response = client.get(f"/doctors/{doctor.reference}/times/?day=2026-11-23")

    assert times(response) == ["9:30 AM", "10:30 AM"]


def test_without_a_day_the_first_free_one_is_shown(client):
    doctor = doctor_with_hours()

    response = client.get(f"/doctors/{doctor.reference}/times/")

    assert "Monday 23 November" in text(response)


@pytest.mark.parametrize("capacity", [1, 3])
def test_the_fragment_takes_four_queries_and_no_session(client, django_assert_num_queries, capacity):
    patient = PatientFactory()
    doctor = doctor_with_hours(capacity=capacity)
    client.force_login(carer_of(patient))
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)

    with django_assert_num_queries(TIMES_QUERIES):
        response = client.get(f"/doctors/{doctor.reference}/times/?day=2026-11-23")

    assert (response.status_code, dict(response.cookies)) == (200, {})
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("day", ["2026-02-30", "x", "2026-11-21", "2026-12-23"])
def test_a_day_that_cannot_be_shown_is_refused(client, day):
    doctor = doctor_with_hours()

    response = client.get(f"/doctors/{doctor.reference}/times/?day={day}")

    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")


@pytest.mark.parametrize("fields", [{"is_active": False}, {"department__is_active": False}])
def test_a_doctor_who_cannot_be_booked_offers_no_times(client, fields):
    doctor = doctor_with_hours(**fields)

    response = client.get(f"/doctors/{doctor.reference}/times/?day=2026-11-23")

    assert times(response) == []


def test_the_times_of_an_unknown_doctor_are_not_found(client):
    assert client.get("/doctors/NOBODYHERE/times/").status_code == 404
    assert client.get("/departments/nowhere/times/").status_code == 404


def test_a_department_offers_each_moment_once_in_every_place(client):
    department = DepartmentFactory(slug="hearts")
    for _n in range(2):
        doctor_with_hours(time(9), time(10), department=department)
    first = WeeklyScheduleFactory(doctor__department=department, starts_at=time(9), ends_at=time(10)).branch
    WeeklyScheduleFactory(
        doctor__department=department, branch=first, starts_at=time(9, 30), ends_at=time(10)
    )
    doctor_with_hours(time(9), time(10))

    response = client.get("/departments/hearts/times/?day=2026-11-23")

    # Three branches with two moments each.
    assert sorted(times(response)) == ["9:00 AM"] * 3 + ["9:30 AM"] * 3
    assert f"/departments/hearts/book/?at=20261123T0800Z&branch={first.code}&mode=in_person" in (
        links(response)
    )


def test_reading_times_writes_nothing(client):
    doctor = doctor_with_hours()

    client.get(f"/doctors/{doctor.reference}/times/?day=2026-11-23")

    assert not Appointment.objects.exists()
