"""The day board: its lists, who sees them, and the number of queries."""

from datetime import time, timedelta

import pytest
import time_machine
from django.urls import reverse

from hms.core.rights import SYSTEM
from scheduling.services import (
    cancel_appointment,
    check_in,
    complete_consultation,
    mark_no_show,
    start_consultation,
)
from tests.costs import READ_BY_STAFF
from tests.factories import DoctorFactory, ScheduleExceptionFactory, at, staff
from tests.scheduling.admin_day import MORNING, doctor_with_login, visit

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S13")]

LISTS = ("waiting", "inside", "late", "upcoming", "done", "missed")
# session, login, own and groups' permissions, doctors, appointments, three for the free times, and
# the departments and branches of the filter, the model of no-shows and the earlier visits
QUERIES = 13 + READ_BY_STAFF


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


def board(client, **asked):
    return client.get(reverse("admin:day-board"), asked).context


def patients(column) -> dict[str, list]:
    """The names in each non-empty list of the column."""
    lists = {name: [entry.appointment for entry in getattr(column, name)] for name in LISTS}
    return {name: appointments for name, appointments in lists.items() if appointments}


def test_each_appointment_is_in_the_list_of_its_status(client, clock):
    clock.move_to(MORNING - timedelta(hours=2))
    doctor = doctor_with_login(starts_at=time(8))
    times = [(8, 0), (8, 30), (9, 0), (9, 30), (10, 0), (11, 0), (11, 30)]
    first, second, done, late, missed, coming, cancelled = (visit(doctor, *at) for at in times)
    clock.move_to(MORNING + timedelta(hours=1))
    for appointment in (done, first, second):
        check_in(appointment=appointment, by=SYSTEM)
    for appointment in (done, first):
        start_consultation(appointment=appointment, by=SYSTEM)
    complete_consultation(appointment=done, by=SYSTEM)
    cancel_appointment(appointment=cancelled, by=SYSTEM)
    mark_no_show(appointment=missed, by=SYSTEM)
    client.force_login(staff("receptionist"))

    [column] = board(client)["columns"]

    assert patients(column) == {
        "inside": [first],
        "waiting": [second],
        "late": [late],
        "upcoming": [coming],
        "done": [done],
        "missed": [missed],
    }


def test_minutes_are_counted_since_arrival_and_since_the_time(client, clock):
    doctor = doctor_with_login()
    waiting, late = visit(doctor, 11), visit(doctor, 9, 30)
    check_in(appointment=waiting, by=SYSTEM)
    clock.move_to(MORNING + timedelta(minutes=25))
    client.force_login(staff("receptionist"))

    [column] = board(client)["columns"]

    assert column.waiting[0].minutes == 25
    assert column.late[0].minutes == 15
    assert late.starts_at == at(9, 30, days=0)


def test_waiting_patients_are_ordered_by_token(client):
    doctor = doctor_with_login()
    early, later = visit(doctor, 9, 30), visit(doctor, 11)
    check_in(appointment=later, by=SYSTEM)
    check_in(appointment=early, by=SYSTEM)
    client.force_login(staff("receptionist"))

    [column] = board(client)["columns"]

    assert [entry.appointment for entry in column.waiting] == [later, early]


def test_the_free_times_are_those_that_the_desk_can_book(client):
    doctor = doctor_with_login()
    visit(doctor, 10)
    client.force_login(staff("receptionist"))

    context = board(client)

    [column] = context["columns"]
    assert [f"{slot.starts_at:%H:%M}" for slot in column.free] == [
        *("09:00", "09:30", "10:30", "11:00", "11:30"),
    ]
    assert context["totals"]["free"] == 5


def test_a_doctor_with_nothing_on_the_day_has_no_column(client):
    working, on_leave, idle = doctor_with_login(), doctor_with_login(), DoctorFactory()
    ScheduleExceptionFactory(doctor=on_leave, starts_at=at(0, days=0), ends_at=at(0))
    client.force_login(staff("receptionist"))

    columns = board(client)["columns"]

    assert [column.doctor for column in columns] == [working]
    assert idle.is_active


def test_patients_booked_with_a_doctor_who_went_on_leave_are_still_shown(client):
    appointment = visit(doctor_with_login(), 11)
    ScheduleExceptionFactory(doctor=appointment.doctor, starts_at=at(0, days=0), ends_at=at(0))
    client.force_login(staff("receptionist"))

    [column] = board(client)["columns"]

    assert (patients(column), column.free) == ({"upcoming": [appointment]}, [])


def test_the_board_is_for_a_day_a_department_or_a_doctor(client):
    today, tomorrow = visit(doctor_with_login()), visit(doctor_with_login(), days=1)
    client.force_login(staff("receptionist"))
    asked = [
        {"day": "2026-06-11", "doctor": tomorrow.doctor.reference},
        {"department": today.doctor.department.slug},
        {"doctor": today.doctor.reference},
        {"day": "2026-02-31", "doctor": today.doctor.reference},
    ]

    shown = [
        [(column.doctor, patients(column)) for column in board(client, **one)["columns"]] for one in asked
    ]

    of_today = [(today.doctor, {"upcoming": [today]})]
    assert shown == [[(tomorrow.doctor, {"upcoming": [tomorrow]})], of_today, of_today, of_today]


def test_the_board_offers_each_role_its_own_next_step(client, clock):
    doctor = doctor_with_login()
    booked, waiting = visit(doctor, 11), visit(doctor, 9, 30)
    check_in(appointment=waiting, by=SYSTEM)
    clock.move_to(MORNING + timedelta(minutes=30))
    offered = {}

    for user in (staff("receptionist"), doctor.user, staff("billing_clerk")):
        client.force_login(user)
        [column] = board(client)["columns"]
        steps = [entry.step and entry.step.name for entry in (*column.upcoming, *column.waiting)]
        offered[next(iter(user.role_names))] = steps

    assert offered == {
        "receptionist": ["check-in", None],
        "doctor": [None, "start"],
        "billing_clerk": [None, None],
    }
    assert booked.status == "booked"


@pytest.mark.parametrize("columns", [1, 3])
def test_the_board_takes_the_same_queries_for_any_number(client, django_assert_num_queries, columns):
    for _ in range(columns):
        doctor = doctor_with_login()
        for hour in range(9, 9 + columns):
            visit(doctor, hour, 30)
    client.force_login(staff("receptionist"))

    with django_assert_num_queries(QUERIES):
        context = board(client)

    assert len(context["columns"]) == columns


def test_the_board_says_which_doctors_run_late_as_the_waiting_room_does(client, clock):
    late, in_time = doctor_with_login(), doctor_with_login()
    for doctor in (late, in_time):
        check_in(appointment=visit(doctor, 9, 30), by=SYSTEM)
    clock.move_to(at(9, 40, days=0))
    start_consultation(appointment=in_time.appointments.get(), by=SYSTEM)
    clock.move_to(at(9, 58, days=0))
    client.force_login(staff("receptionist"))

    page = client.get(reverse("admin:day-board"))

    columns = {column.doctor: column.minutes_late for column in page.context["columns"]}
    assert columns == {late: 25, in_time: 10}
    assert "about 25 minutes late" in page.text


def test_the_board_says_what_of_its_address_does_not_exist(client):
    doctor, other = doctor_with_login(), DoctorFactory()
    client.force_login(staff("receptionist"))

    def said(**asked):
        return client.get(reverse("admin:day-board"), asked).text

    nobody = "There is no such doctor in this department."
    assert nobody in said(doctor="XXXXXXXXXX")
    assert nobody in said(doctor=doctor.reference, department=other.department.slug)
    assert nobody not in said(doctor=other.reference)
    assert "There is no such day. This is today." in said(day="2026-02-30")


def test_the_next_free_time_has_not_begun(client, clock):
    """The desk may still book the time that is running, but nobody comes for a time that has passed."""
    doctor_with_login()
    clock.move_to(MORNING + timedelta(minutes=15))
    client.force_login(staff("receptionist"))

    [column] = board(client)["columns"]

    assert [f"{slot.starts_at:%H:%M}" for slot in (column.free[0], column.next_free)] == ["09:30", "10:00"]
