import re
from datetime import date, time
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import DepartmentFactory, DoctorFactory, UserFactory, doctor_with_hours
from tests.scheduling.pages import doctors, heading, links, text, title

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S06"),
    pytest.mark.usefixtures("sunday_noon"),
]
HOME_QUERIES = 9


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
    doctor_with_hours(specialization__name="Cardiology", department__slug="hearts")

    markup = client.get("/").content.decode()

    assert '<form class="search-bar search-bar-wide" method="get" action="/doctors/" role="search"' in markup
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


def test_a_message_is_shown_to_its_user_alone_and_is_part_of_no_cached_fragment(client, client_of):
    DepartmentFactory(name="Hearts")
    asha = client_of(UserFactory(full_name="Asha Rao"))
    asha.post("/accounts/logout/", follow=False)

    theirs = asha.get("/")
    others = client.get("/")

    assert "You have signed out." in text(theirs)
    assert "You have signed out." not in text(others)


def test_no_cached_fragment_holds_what_belongs_to_a_request():
    personal = re.compile(r"_messages\.html|csrf_token|\brequest\.|\bmessages\b")
    fragments = {
        path.name: fragment
        for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        for fragment in re.findall(r"{% cache .*?{% endcache %}", path.read_text(), re.DOTALL)
    }

    assert len(fragments) > 5
    assert {name for name, fragment in fragments.items() if personal.search(fragment)} == set()
