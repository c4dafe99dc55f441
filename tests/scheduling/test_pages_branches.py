"""A page for each branch, and public pages that show the times at one branch or by one way of visiting."""

from datetime import time

import pytest

from hms.core.rights import SYSTEM
from scheduling.models import Branch
from scheduling.services import book_appointment
from scheduling.views.branches import in_stretches
from tests.factories import (
    BranchFactory,
    DepartmentFactory,
    DoctorFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    at,
    carer_of,
)
from tests.scheduling.branches import consults
from tests.scheduling.pages import doctors, field_error, heading, links, text, times, title

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S17"),
    pytest.mark.usefixtures("sunday_noon"),
]
PAGE_QUERIES = 9


def test_a_branch_says_where_it_is_when_doctors_consult_and_how_to_get_there(client, north, asha):
    Branch.objects.update(
        street="1 North Road",
        phone="+918040001200",
        opening_hours="Daily 7 to 22",
        directions="Bus 7.",
        map_url="https://maps.example/north",
    )

    response = client.get("/branches/north/")

    assert (title(response), heading(response)) == ("North", "North")
    assert "1 North Road" in text(response)
    assert "Opening hours Daily 7 to 22 Doctors consult Monday 9:00 AM to 10:00 AM" in text(response)
    assert "How to get there Bus 7." in text(response)
    assert links(response, "https:") == ["https://maps.example/north"]
    assert "tel:+918040001200" in links(response)


def test_a_branch_shows_its_departments_and_doctors_with_their_first_time_there(client, south, asha):
    DepartmentFactory(name="Elsewhere")
    consults(BranchFactory(), time(9), time(10))
    consults(south, time(9), time(10), mode="video")

    response = client.get("/branches/south/")

    slug = asha.department.slug
    assert links(response, "/departments/") == [f"/departments/{slug}/?branch=south"]
    assert doctors(response) == ["Dr Asha"]
    assert links(response, "/book/") == [f"/book/{asha.reference}/?at=20261123T1400Z"]
    assert f"/doctors/{asha.reference}/?branch=south" in links(response)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three_doctors(
    client, django_assert_num_queries, north, count
):
    for _n in range(count):
        consults(north, time(9), time(10))

    with django_assert_num_queries(PAGE_QUERIES):
        response = client.get("/branches/north/")

    assert len(doctors(response)) == count


@pytest.mark.parametrize("code", ["closed", "nowhere", "NORTH"])
def test_a_branch_that_is_closed_or_does_not_exist_is_not_found(client, north, code):
    BranchFactory(code="closed", is_active=False)

    assert client.get(f"/branches/{code}/").status_code == 404


def test_all_open_branches_are_listed_and_linked_from_the_front_page(client, north, south):
    BranchFactory(is_active=False)
    pages = ["/branches/north/", "/branches/south/"]

    assert links(client.get("/branches/"), "/branches/n") == pages[:1]
    assert links(client.get("/"), "/branches/") == ["/branches/", *pages, "/branches/"]


def test_weekdays_with_the_same_hours_become_one_line():
    nine, five = time(9), time(17)
    days = [(0, nine, five), (1, nine, five), (3, nine, five), (4, nine, time(12)), (6, nine, time(12))]

    lines = [(line.days, line.hours) for line in in_stretches(days)]

    assert lines == [
        ("Monday to Tuesday", "9:00 AM to 5:00 PM"),
        ("Thursday", "9:00 AM to 5:00 PM"),
        ("Friday", "9:00 AM to 12:00 PM"),
        ("Sunday", "9:00 AM to 12:00 PM"),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("branch=north", ["Dr Asha"]),
        ("branch=south", ["Dr Asha", "Dr Binod"]),
        ("mode=video", ["Dr Asha"]),
        ("branch=south&mode=video", []),
        ("branch=south&day=2026-11-24", ["Dr Binod"]),
        ("branch=south&sort=name", ["Dr Asha", "Dr Binod"]),
    ],
)
def test_the_list_shows_who_is_at_the_place(client, asha, south, query, found):
    binod = consults(south, time(17), time(18), DoctorFactory(full_name="Dr Binod"))
    consults(south, time(17), time(18), binod, weekday=1)

    assert doctors(client.get(f"/doctors/?{query}")) == found


def test_the_list_says_the_first_time_at_the_place_and_what_is_filtered(client, asha):
    response = client.get("/doctors/?branch=south")

    assert links(response, "/book/") == [f"/book/{asha.reference}/?at=20261123T1400Z"]
    assert "South (remove)" in text(response)


@pytest.mark.parametrize(
    ("field", "message"),
    [("branch", "There is no such branch."), ("mode", "Choose in person or by video call.")],
)
def test_an_unknown_place_shows_an_error_at_its_field(client, asha, south, field, message):
    response = client.get(f"/doctors/?{field}=x")

    assert (field_error(response, field), doctors(response)) == (message, ["Dr Asha"])


def test_an_extra_session_brings_its_doctor_to_the_branch(client, south):
    doctor = DoctorFactory(full_name="Dr Extra")
    ScheduleExceptionFactory(
        kind="extra", doctor=doctor, branch=south, slot_minutes=30, starts_at=at(9), ends_at=at(10)
    )

    assert doctors(client.get("/branches/south/")) == ["Dr Extra"]


def test_the_times_of_a_department_are_those_at_the_branch(client, asha):
    response = client.get(f"/departments/{asha.department.slug}/?day=2026-11-23&branch=south")

    assert times(response) == ["3:00 PM", "3:30 PM"]
    assert links(response, "/book/") == [f"/book/{asha.reference}/?at=20261123T1400Z"]


def test_an_appointment_leads_to_the_page_of_its_open_branch(client_of, asha, north):
    appointment = book_appointment(patient=PatientFactory(), doctor=asha, starts_at=at(9), by=SYSTEM)
    patient = client_of(carer_of(appointment.patient))

    assert links(patient.get(appointment.get_absolute_url()), "/branches/n") == ["/branches/north/"]
    Branch.objects.filter(pk=north.pk).update(is_active=False)
    assert links(patient.get(appointment.get_absolute_url()), "/branches/n") == []


def test_a_department_time_that_is_gone_keeps_the_place_that_was_asked_for(client, asha):
    slug = asha.department.slug

    gone = [
        client.get(f"/departments/{slug}/book/?{query}")["Location"]
        for query in (
            "at=20261123T0705Z&branch=south&mode=in_person",
            "at=x&mode=video",
            "branch=nowhere",
            "",
        )
    ]

    page = f"/departments/{slug}/"
    assert gone == [f"{page}?branch=south&mode=in_person", f"{page}?mode=video", page, page]


def test_a_place_without_any_time_says_so_and_leads_to_the_times_elsewhere(client, asha):
    far = BranchFactory(code="far", name="Far")
    page = f"/doctors/{asha.reference}/"

    none_there = client.get(f"{page}?branch=far")
    fragment = client.get(f"{page}times/?branch=far&day=2026-11-24")

    assert "There is none in the coming weeks for: Far." in text(none_there)
    assert "Next free elsewhere: Tomorrow, 9:00 AM, North" in text(none_there)
    assert "There is no free time in the coming weeks." not in text(none_there)
    assert f"{page}?day=2026-11-23" in links(none_there, page)
    assert f"{page}?day=2026-11-24" in fragment.content.decode()
    asha.schedules.all().delete()
    assert "There is no free time in the coming weeks." in text(client.get(f"{page}?branch={far.code}"))
