"""Every list of the scheduling admin takes the same number of queries for one row and for three."""

from datetime import timedelta

import pytest

from scheduling.models import (
    Appointment,
    Branch,
    Department,
    Doctor,
    Nurse,
    ScheduleException,
    WeeklySchedule,
)
from tests.costs import READ_BY_STAFF
from tests.factories import (
    BranchFactory,
    DepartmentFactory,
    DoctorFactory,
    NurseFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    WeeklyScheduleFactory,
    staff,
)
from tests.scheduling.admin_day import doctor_with_login, list_page, page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning")]

# session, login, permissions (2), number of rows, rows; then the choices of the filters
LISTS = {
    Appointment: (lambda number: visit(doctor_with_login(), 9 + number), 6 + 3 + READ_BY_STAFF),
    Branch: (lambda _: BranchFactory(), 6),
    Department: (lambda _: DepartmentFactory(), 6),
    Doctor: (lambda _: DoctorFactory(), 6 + 1),
    Nurse: (lambda _: NurseFactory(), 6 + 1),
    WeeklySchedule: (lambda _: WeeklyScheduleFactory(), 6 + 2),
    ScheduleException: (
        lambda _: ScheduleExceptionFactory(doctor=DoctorFactory()),
        6 + 1,
    ),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_a_list_takes_the_same_queries_for_any_number(client, django_assert_num_queries, model, rows):
    make, queries = LISTS[model]
    for number in range(rows):
        make(number)
    client.force_login(staff("administrator"))

    with django_assert_num_queries(queries):
        response = client.get(list_page(model))

    assert len(response.context["cl"].result_list) == rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("scheduling_appointment_desk", 10 + READ_BY_STAFF), ("scheduling_appointment_add", 4 + 1)],
)
def test_a_desk_page_takes_the_same_queries_for_any_number(
    client, django_assert_num_queries, name, queries, rows
):
    for _ in range(rows):
        visit(doctor_with_login())
    client.force_login(staff("receptionist"))

    with django_assert_num_queries(queries):
        response = client.get(page(name))

    assert response.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_choosing_a_doctor_takes_the_same_queries_for_any_number(client, django_assert_num_queries, rows):
    patient = visit(doctor_with_login()).patient
    for _ in range(rows - 1):
        doctor_with_login()
    client.force_login(staff("receptionist"))

    # session, login, permissions (2), patient, doctors, three for the free times, departments, branches,
    # three for prices with tax
    with django_assert_num_queries(11 + 3 + READ_BY_STAFF):
        response = client.get(page("scheduling_appointment_add"), {"patient": patient.reference})

    assert len(response.context["doctors"]) == rows


@pytest.mark.feature("S12")
def test_the_list_shows_todays_appointments_by_default(client):
    doctor = doctor_with_login()
    today, tomorrow, later = visit(doctor), visit(doctor, days=1), visit(doctor, days=6)
    distant = visit(doctor, days=20)
    client.force_login(staff("receptionist"))
    asked = {
        "": [today],
        "tomorrow": [tomorrow],
        "next7": [today, tomorrow, later],
        "last7": [],
        "any": [distant, later, tomorrow, today],
        "2026-06-16": [later],
        "2026-06-31": [today],
    }

    listed = {
        when: list(
            client.get(list_page(Appointment), {"when": when} if when else {}).context["cl"].result_list
        )
        for when in asked
    }

    assert listed == asked
    assert later.starts_at - today.starts_at == timedelta(days=6)


@pytest.mark.feature("S12")
def test_a_search_covers_every_day(client):
    doctor = doctor_with_login()
    visit(doctor)
    distant = visit(doctor, days=20, patient=PatientFactory(full_name="Kiran Rao"))
    client.force_login(staff("receptionist"))

    by_reference = client.get(list_page(Appointment), {"q": distant.reference})
    by_name = client.get(list_page(Appointment), {"q": "kiran"})

    assert list(by_reference.context["cl"].result_list) == [distant]
    assert list(by_name.context["cl"].result_list) == [distant]


@pytest.mark.feature("S05")
def test_the_outside_hours_filter_covers_every_day(client):
    booked = visit(doctor_with_login(), days=1)
    visit(doctor_with_login(), days=1)
    later = visit(booked.doctor, days=20)
    Doctor.objects.filter(pk=booked.doctor_id).update(is_active=False)
    client.force_login(staff("receptionist"))

    listed = client.get(list_page(Appointment), {"outside_hours": "yes"}).context["cl"]
    tomorrow = client.get(list_page(Appointment), {"outside_hours": "yes", "when": "tomorrow"}).context["cl"]

    assert list(listed.result_list) == [booked, later]
    assert list(tomorrow.result_list) == [booked]


@pytest.mark.parametrize("doctors", [1, 3])
def test_the_outside_hours_filter_takes_the_same_queries_for_any_number(
    client, django_assert_num_queries, doctors
):
    for _ in range(doctors):
        Doctor.objects.filter(pk=visit(doctor_with_login(), days=1).doctor_id).update(is_active=False)
    client.force_login(staff("receptionist"))

    # those of the list of appointments, and four for the filter
    with django_assert_num_queries(6 + 3 + 4 + READ_BY_STAFF):
        response = client.get(list_page(Appointment), {"outside_hours": "yes"})

    assert len(response.context["cl"].result_list) == doctors
