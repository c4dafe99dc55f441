"""The list of doctors."""

from datetime import date, time
from decimal import Decimal

import pytest

from accounts.models import Language
from tests.factories import (
    DepartmentFactory,
    ScheduleExceptionFactory,
    at,
    doctor_with_hours,
)
from tests.scheduling.pages import (
    doctors,
    field_error,
    links,
    notices,
    text,
    title,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S06"),
    pytest.mark.usefixtures("sunday_noon"),
]
LIST_QUERIES = 10


def test_a_card_says_when_the_doctor_is_free_next_and_leads_straight_to_booking_it(client):
    doctor = doctor_with_hours(full_name="Dr Asha Rao", fee=Decimal(1200), practising_since=2006)

    response = client.get("/doctors/")

    assert title(response) == "Find a doctor"
    assert doctors(response) == ["Dr Asha Rao"]
    assert links(response, "/book/") == [f"/book/{doctor.reference}/?at=20261123T0800Z"]
    assert "Next free time Tomorrow, 9:00 AM ₹1,200 consultation" in text(response)
    assert "20 years of experience" in text(response)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=rao", ["Dr Asha Rao"]),
        ("q=cardio", ["Dr Asha Rao"]),
        ("q=bones", ["Dr Vikram Hegde"]),
        ("q=vikram+bones", ["Dr Vikram Hegde"]),
        ("q=vikram+rao", []),
        ("specialization=Orthopaedics", ["Dr Vikram Hegde"]),
        ("department=hearts", ["Dr Asha Rao"]),
        ("language=kn", ["Dr Vikram Hegde"]),
        ("fee=600", ["Dr Asha Rao"]),
        ("gender=male", ["Dr Vikram Hegde"]),
        ("day=2026-11-24", ["Dr Vikram Hegde"]),
        ("department=hearts&language=kn", []),
        ("sort=fee", ["Dr Asha Rao", "Dr Vikram Hegde"]),
        ("sort=experience", ["Dr Vikram Hegde", "Dr Asha Rao"]),
        ("sort=name", ["Dr Asha Rao", "Dr Vikram Hegde"]),
        ("sort=next", ["Dr Vikram Hegde", "Dr Asha Rao"]),
    ],
)
def test_the_list_is_filtered_and_sorted(client, query, found):
    hearts = DepartmentFactory(slug="hearts", name="Hearts")
    bones = DepartmentFactory(slug="bones", name="Bones")
    asha = doctor_with_hours(
        starts_at=time(10),
        full_name="Dr Asha Rao",
        department=hearts,
        gender="female",
        practising_since=2015,
    )
    vikram = doctor_with_hours(
        full_name="Dr Vikram Hegde",
        department=bones,
        specialization__name="Orthopaedics",
        gender="male",
        fee=Decimal(900),
        practising_since=1999,
    )
    vikram.languages.add(Language.objects.get_or_create(code="kn", defaults={"name": "Kannada"})[0])
    ScheduleExceptionFactory(doctor=asha, starts_at=at(0, days=2), ends_at=at(0, days=3))

    response = client.get(f"/doctors/?{query}")

    assert doctors(response) == found


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("day=2026-02-30", "day", "Enter a date, for example 2026-12-31."),
        ("day=2026-11-21", "day", "This day has passed. Choose today or later."),
        ("day=2026-12-23", "day", "Bookings are open for the next 30 days only."),
        ("fee=abc", "fee", "Enter the fee as a number, for example 800."),
        ("fee=-1", "fee", "The fee must be 0 or more."),
        ("fee=NaN", "fee", "Enter the fee as a number, for example 800."),
        ("department=nowhere", "department", "There is no such department."),
        ("specialization=Magic", "specialization", "No doctor here has this speciality."),
        ("language=xx", "language", "This language is not on our list."),
        ("gender=x", "gender", "Choose one from the list."),
        ("sort=x", "sort", "The list cannot be sorted that way."),
        ("q=" + "x" * 81, "q", "Please use at most 80 characters. This text has 81."),
    ],
)
def test_an_invalid_filter_shows_an_error_at_its_field_and_is_ignored(client, query, field, message):
    doctor_with_hours(full_name="Dr Asha Rao")

    response = client.get(f"/doctors/?{query}")

    assert (response.status_code, field_error(response, field)) == (200, message)
    assert doctors(response) == ["Dr Asha Rao"]


@pytest.mark.parametrize("page", ["x", "0", "-3", "1.5"])
def test_a_page_that_does_not_exist_shows_the_first_and_says_so(client, page):
    doctor_with_hours(full_name="Dr Asha Rao")

    response = client.get(f"/doctors/?page={page}")

    assert notices(response) == ["That page does not exist. This is the first page."]
    assert doctors(response) == ["Dr Asha Rao"]


@pytest.mark.parametrize(
    "fields",
    [
        {"registration_expires_on": date(2026, 11, 21)},
        {"is_active": False},
        {"department__is_active": False},
    ],
)
def test_a_doctor_who_cannot_be_booked_is_not_listed(client, fields):
    doctor_with_hours(**fields)

    response = client.get("/doctors/")

    assert doctors(response) == []
    assert "No doctor can be booked online at present" in text(response)


def test_an_empty_list_under_filters_says_what_to_do(client):
    doctor_with_hours()

    response = client.get("/doctors/?q=nobody")

    assert "No doctor matches all filters" in text(response)
    assert "Active filters" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("query", ["", "?sort=fee", "?day=2026-11-24"])
def test_the_list_takes_the_same_queries_for_one_and_three_doctors(
    client, django_assert_num_queries, count, query
):
    for _n in range(count):
        doctor_with_hours()
    # A list that the database cannot sort is not counted.
    expected = LIST_QUERIES + (query == "?sort=fee")

    with django_assert_num_queries(expected):
        response = client.get(f"/doctors/{query}")

    assert len(doctors(response)) == count


@pytest.mark.parametrize("sort", ["name", "next"])
def test_twelve_doctors_are_on_a_page_and_the_rest_on_the_next(client, sort):
    names = [f"Dr {letter}" for letter in "ABCDEFGHIJKLMN"]
    for name in names:
        doctor_with_hours(full_name=name)

    first = client.get(f"/doctors/?sort={sort}")
    second = client.get(f"/doctors/?sort={sort}&page=2")

    assert doctors(first) + doctors(second) == names
    assert links(first, "?sort") == [f"?sort={sort}&page=2"]


def test_htmx_gets_only_the_results_and_caches_separate_them(client):
    doctor_with_hours(full_name="Dr Asha Rao")

    part = client.get("/doctors/", headers={"HX-Request": "true"})
    again = client.get("/doctors/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert (doctors(part), title(part)) == (["Dr Asha Rao"], "")
    assert title(again) == "Find a doctor"
    assert "HX-Request" in part["Vary"]
