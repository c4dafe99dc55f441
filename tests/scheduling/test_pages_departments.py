"""Booking any doctor of a department."""

from datetime import time

import pytest

from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from scheduling.services import book_appointment
from tests.factories import DepartmentFactory, PatientFactory, at, doctor_with_hours
from tests.scheduling.pages import doctors, heading, links, notices, text, times, title

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S07"),
    pytest.mark.usefixtures("sunday_noon"),
]
PAGE_QUERIES = 11


@pytest.fixture
def hearts():
    return DepartmentFactory(slug="hearts", name="Hearts", description="Hearts and vessels.")


def test_the_page_shows_the_departments_times_and_its_doctors(client, hearts):
    doctor_with_hours(time(9), time(10), department=hearts, full_name="Dr A")
    doctor_with_hours(time(9), time(10), department=hearts, full_name="Dr B")
    doctor_with_hours(time(9), time(10), full_name="Dr Elsewhere")

    response = client.get("/departments/hearts/")

    assert (title(response), heading(response)) == ("Hearts", "Hearts")
    assert "Hearts and vessels. Open 8:00 AM to 8:00 PM 2 doctors" in text(response)
    assert times(response) == ["9:00 AM", "9:30 AM"] * 2
    assert doctors(response) == ["Dr A", "Dr B"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three_doctors(
    client, django_assert_num_queries, hearts, count
):
    for _n in range(count):
        doctor_with_hours(department=hearts)

    with django_assert_num_queries(PAGE_QUERIES):
        response = client.get("/departments/hearts/")

    assert len(doctors(response)) == count


def test_choosing_a_time_leads_to_the_doctor_with_the_least_booked_time_that_day(client, hearts):
    busy, idle = (doctor_with_hours(department=hearts) for _n in range(2))
    book_appointment(patient=PatientFactory(), doctor=busy, starts_at=at(9), by=SYSTEM)
    book_appointment(patient=PatientFactory(), doctor=idle, starts_at=at(9, days=2), by=SYSTEM)

    chosen = {client.get("/departments/hearts/book/?at=20261123T0900Z")["Location"] for _n in range(10)}

    assert chosen == {f"/book/{idle.reference}/?at=20261123T0900Z"}


def test_equally_busy_doctors_are_chosen_at_random(client, hearts):
    both = {doctor_with_hours(department=hearts).reference for _n in range(2)}

    chosen = {
        client.get("/departments/hearts/book/?at=20261123T0900Z")["Location"].split("/")[2]
        for _n in range(40)
    }

    assert chosen == both


def test_only_doctors_who_are_free_at_that_time_and_place_are_chosen(client, hearts):
    taken, here, _elsewhere = (doctor_with_hours(department=hearts) for _n in range(3))
    book_appointment(patient=PatientFactory(), doctor=taken, starts_at=at(10), by=SYSTEM)
    book_appointment(patient=PatientFactory(), doctor=here, starts_at=at(9), by=SYSTEM)
    branch = here.schedules.first().branch.code

    chosen = {
        client.get(f"/departments/hearts/book/?at=20261123T0900Z&branch={branch}&mode=in_person")["Location"]
        for _n in range(10)
    }

    assert chosen == {f"/book/{here.reference}/?at=20261123T0900Z"}


@pytest.mark.parametrize("at_", ["20261123T2300Z", "20261122T0800Z", "yesterday", ""])
def test_a_time_at_which_nobody_is_free_leads_back_with_a_message(client, hearts, at_):
    doctor_with_hours(department=hearts)

    response = client.get(f"/departments/hearts/book/?at={at_}", follow=True)

    assert response.redirect_chain == [("/departments/hearts/", 302)]
    assert notices(response) == ["Warning: No doctor is free at that time any more. Please choose another."]


def test_a_department_without_doctors_says_what_to_do(client, hearts):
    response = client.get("/departments/hearts/")

    assert "No doctor here can be booked online at present" in text(response)
    assert "/doctors/" in links(response)


@pytest.mark.parametrize("page", ["/departments/{}/", "/departments/{}/book/?at=x"])
def test_a_department_that_is_closed_to_patients_is_not_found(client, page):
    closed = DepartmentFactory(slug="closed", is_active=False)

    answer = client.get(page.format("closed"))

    assert (answer.status_code, closed.name in answer.text) == (404, False)
    assert client.get(page.format("nowhere")).status_code == 404


def test_choosing_writes_nothing(client, hearts):
    doctor_with_hours(department=hearts)

    client.get("/departments/hearts/book/?at=20261123T0900Z")

    assert not Appointment.objects.exists()
