from datetime import date, time

import pytest

from tests.factories import DepartmentFactory, DoctorFactory, doctor_with_hours
from tests.scheduling.pages import doctors, heading, links, text, title

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S06"),
    pytest.mark.usefixtures("sunday_noon"),
]
HOME_QUERIES = 8


def test_the_page_names_the_hospital_and_what_to_do_in_an_emergency(client):
    response = client.get("/")

    assert title(response) == "Doctors, appointments and care"
    assert heading(response) == "The right doctor, at a time that suits you"
    assert "Sanjeevani Hospital" in text(response)
    assert "In an emergency, do not book" in text(response)
    assert "tel:108" in links(response)


def test_departments_say_how_many_doctors_can_be_booked(client):
    hearts = DepartmentFactory(name="Hearts", slug="hearts")
    DepartmentFactory(name="Closed", is_active=False)
    DoctorFactory(department=hearts)
    DoctorFactory(department=hearts, is_active=False)
    DoctorFactory(department=hearts, registration_expires_on=date(2026, 11, 21))

    response = client.get("/")

    assert links(response, "/departments/") == ["/departments/hearts/"]
    assert "Departments All doctors Hearts 1 doctor How it works" in text(response)


def test_the_doctors_who_are_free_soonest_are_shown_one_of_each_department(client):
    hearts = DepartmentFactory()
    doctor_with_hours(time(9), full_name="Dr Nine", department=hearts)
    doctor_with_hours(time(10), full_name="Dr Ten", department=hearts)
    doctor_with_hours(time(8), full_name="Dr Eight")
    DoctorFactory(full_name="Dr Never")

    response = client.get("/")

    assert doctors(response) == ["Dr Eight", "Dr Nine"]


def test_the_search_leads_to_the_list(client):
    doctor_with_hours(specialization="Cardiology", department__slug="hearts")

    markup = client.get("/").content.decode()

    assert '<form class="search-bar" method="get" action="/doctors/" role="search"' in markup
    assert 'name="q"' in markup
    assert "<option>Cardiology</option>" in markup
    assert '<option value="hearts">' in markup


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three_doctors(client, django_assert_num_queries, count):
    for _n in range(count):
        doctor_with_hours()

    with django_assert_num_queries(HOME_QUERIES):
        response = client.get("/")

    assert len(doctors(response)) == count


def test_an_empty_hospital_has_a_front_page(client):
    response = client.get("/")

    assert "The departments are being set up" in text(response)
