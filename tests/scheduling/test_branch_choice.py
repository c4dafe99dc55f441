"""Staff who belong to a branch begin with its lists and can change to others."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from scheduling.models import Appointment, Branch
from scheduling.services import check_in
from tests.costs import READ_BY_STAFF
from tests.factories import BranchFactory, staff
from tests.opened import opened
from tests.scheduling.admin_day import doctor_with_login, list_page, page, visit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S17"),
    pytest.mark.usefixtures("wednesday_morning"),
]


@pytest.fixture
def visits() -> dict[str, Appointment]:
    """One visit at each of two branches; `doctor_with_login` opens a branch for each doctor."""
    found = {}
    for name in ("North", "South"):
        appointment = visit(doctor_with_login(full_name=f"Dr {name}"))
        Branch.objects.filter(pk=appointment.branch_id).update(name=name, code=name.lower())
        found[name.lower()] = appointment
    return found


def of_branch(user, *codes):
    for branch in Branch.objects.filter(code__in=codes):
        branch.staff.add(user)


def shown_at_desk(client, **asked) -> set[str]:
    rows = client.get(page("scheduling_appointment_desk"), asked).context["rows"]
    return {appointment.branch.code for appointment, _steps in rows}


def shown_on_index(client, **asked) -> set[str]:
    [desk, *_others] = [
        part.context
        for part in client.get(reverse("admin:index"), asked).context["sections"]
        if "expected" in part.context
    ]
    assert desk["counts"]["booked"] == len(desk["expected"])
    return {appointment.branch.code for appointment, _steps in desk["expected"]}


def shown_on_board(client, **asked) -> set[str]:
    columns = client.get(reverse("admin:day-board"), asked).context["columns"]
    assert {slot.branch[1] for column in columns for slot in column.free} == {
        entry.appointment.branch.code for column in columns for entry in (*column.upcoming, *column.late)
    }
    return {slot.branch[1] for column in columns for slot in column.free}


def shown_in_list(client, **asked) -> set[str]:
    rows = client.get(list_page(Appointment), asked).context["cl"].result_list
    return {appointment.branch.code for appointment in rows}


def shown_for_booking(client, **asked) -> set[str]:
    patient = Appointment.objects.order_by("pk").first().patient
    context = client.get(page("scheduling_appointment_add"), {"patient": patient.reference} | asked).context
    return {slot.branch[1] for _doctor, slot, _link in context["doctors"]}


PAGES = [shown_at_desk, shown_on_index, shown_on_board, shown_in_list, shown_for_booking]


@pytest.mark.parametrize("shown", PAGES)
@pytest.mark.parametrize(
    ("own", "asked", "expected"),
    [
        ([], {}, {"north", "south"}),
        (["north"], {}, {"north"}),
        (["north", "south"], {}, {"north", "south"}),
        (["north"], {"branch": "all"}, {"north", "south"}),
        (["north"], {"branch": "south"}, {"south"}),
        ([], {"branch": "south"}, {"south"}),
        (["north"], {"branch": "nowhere"}, {"north"}),
        (["north"], {"branch": "own"}, {"north"}),
    ],
)
def test_a_list_shows_the_own_branches_unless_others_are_asked_for(
    client, desk, visits, shown, own, asked, expected
):
    of_branch(desk, *own)

    assert shown(client, **asked) == expected


def test_of_three_branches_the_two_own_ones_are_shown(client, desk, visits):
    third = visit(doctor_with_login())
    of_branch(desk, "north", "south")

    assert shown_at_desk(client) == {"north", "south"}
    assert shown_at_desk(client, branch="own") == {"north", "south"}
    assert shown_at_desk(client, branch="all") == {"north", "south", third.branch.code}


def test_a_branch_that_does_not_exist_is_told(client, desk, visits):
    of_branch(desk, "north")

    for address in (page("scheduling_appointment_desk"), reverse("admin:index"), reverse("admin:day-board")):
        assert "There is no such branch. This is: North." in client.get(address, {"branch": "x"}).text


def test_a_search_finds_the_patients_of_every_branch(client, desk, visits):
    of_branch(desk, "north")
    reference = visits["south"].reference

    assert shown_at_desk(client, q=reference) == {"south"}
    assert shown_in_list(client, q=reference) == {"south"}


def test_belonging_to_a_branch_opens_and_forbids_nothing(client, desk, visits):
    of_branch(desk, "north")

    check_in(appointment=visits["south"], by=desk)

    assert shown_on_index(client, branch="south") == set()
    visits["south"].refresh_from_db()
    assert visits["south"].status == "arrived"


def test_a_doctor_sees_the_own_patients_at_all_branches(client, visits):
    doctor = visits["south"].doctor
    of_branch(doctor.user, "north")
    client.force_login(doctor.user)

    assert shown_in_list(client) == {"south"}
    assert shown_on_board(client) == {"south"}


def test_a_closed_branch_is_still_among_all(client, desk, visits):
    of_branch(desk, "north")
    Branch.objects.filter(code="south").update(is_active=False)

    assert shown_in_list(client) == {"north", "south"}


def test_where_there_is_one_branch_nothing_is_to_choose(client, desk):
    visit(doctor_with_login())

    assert 'name="branch"' not in client.get(page("scheduling_appointment_desk")).text


def test_the_times_of_a_doctor_are_those_of_the_branch_and_the_address_keeps_it(client, desk, visits):
    of_branch(desk, "north")
    north, south = visits["north"], visits["south"]
    asked = {"patient": north.patient.reference, "doctor": south.doctor.reference}

    own = client.get(page("scheduling_appointment_add"), asked).context
    there = client.get(page("scheduling_appointment_add"), asked | {"branch": "south"}).context

    assert own["times"].free == []
    assert len(there["times"].free) == 5
    assert "branch=south" in there["times_link"]


def test_an_administrator_says_which_staff_belong_to_a_branch(client, administrator):
    branch, receptionist = BranchFactory(), staff("receptionist")
    address = page("scheduling_branch_change", branch.pk)

    client.post(
        address, opened(client, address) | {"staff": [receptionist.pk], "map_url": "https://a.example/"}
    )

    branch.refresh_from_db()
    assert (list(branch.staff.all()), branch.map_url) == ([receptionist], "https://a.example/")


@pytest.mark.parametrize("map_url", ["http://a.example/", "javascript:alert(1)", "a.example"])
def test_a_map_without_https_is_refused_at_the_field(client, administrator, map_url):
    address = page("scheduling_branch_change", BranchFactory().pk)

    response = client.post(address, opened(client, address) | {"map_url": map_url})

    assert list(response.context["adminform"].form.errors) == ["map_url"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_takes_the_same_queries_for_one_and_three_branches(
    client, desk, django_assert_num_queries, count
):
    for _n in range(count):
        visit(doctor_with_login())

    with django_assert_num_queries(10 + READ_BY_STAFF):
        client.get(page("scheduling_appointment_desk"))


@pytest.mark.parametrize("code", ["all", "own", "Own"])
def test_a_code_that_means_something_else_in_addresses_is_refused(code):
    with pytest.raises(ValidationError) as refused:
        BranchFactory.build(code=code, name="Elsewhere").full_clean()

    assert refused.value.message_dict == {
        "code": ["“all” and “own” have another meaning. Choose another code."]
    }
