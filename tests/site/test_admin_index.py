"""The index of the staff site shows each role its own work."""

import pytest
import time_machine
from django.urls import reverse

from hms.core.rights import SYSTEM
from scheduling.services import check_in
from tests.costs import READ, READ_BY_STAFF
from tests.factories import DoctorFactory, NurseFactory, ScheduleExceptionFactory, at, staff
from tests.scheduling.admin_day import MORNING, doctor_with_login, visit

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S12")]


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(MORNING, tick=False):
        yield


def index(client):
    return client.get(reverse("admin:index"))


def sections(client) -> dict[str, dict]:
    """The sections shown, by template name."""
    shown = index(client).context["sections"]
    return {part.template.rsplit("/", 1)[1]: part.context for part in shown}


def test_each_role_is_shown_its_own_sections(client):
    shown = {}

    for role in ("receptionist", "doctor", "nurse", "billing_clerk", "auditor", "lab_technician"):
        client.force_login(staff(role))
        shown[role] = list(sections(client))

    assert shown == {
        "receptionist": ["_desk.html", "_billing.html", "_reports.html"],
        "doctor": ["_results.html", "_own_day.html", "_reports.html"],
        "nurse": ["_own_day.html", "_reports.html"],
        "billing_clerk": ["_billing.html", "_reports.html"],
        "auditor": ["_log.html"],
        "lab_technician": ["_laboratory.html", "_reports.html"],
    }


@pytest.mark.parametrize("is_linked", [True, False])
def test_a_nurse_without_doctors_is_told_why_the_day_is_empty(client, is_linked):
    login = staff("nurse")
    if is_linked:
        NurseFactory(user=login, full_name="Meena Iyer")
    client.force_login(login)

    page = client.get("/admin/").text

    assert [words in page for words in ("You work with no doctor yet.", "Your login is not linked")] == [
        is_linked,
        not is_linked,
    ]


def test_an_administrator_is_shown_people_and_the_desk_and_the_log(client):
    client.force_login(staff("administrator"))

    shown = list(sections(client))

    assert shown[:2] == ["_administration.html", "_desk.html"]
    assert "_log.html" in shown


def test_the_desk_is_shown_who_is_expected_and_who_waits(client):
    doctor = doctor_with_login()
    expected, waiting = visit(doctor, 11), visit(doctor, 10)
    visit(doctor, days=1)
    check_in(appointment=waiting, by=SYSTEM)
    client.force_login(staff("receptionist"))

    desk = sections(client)["_desk.html"]

    assert [row for row, _steps in desk["expected"]] == [expected]
    assert [row for row, _steps in desk["waiting"]] == [waiting]
    assert (desk["counts"]["booked"], desk["counts"]["arrived"]) == (1, 1)


def test_a_doctor_sees_only_their_own_patients(client):
    own, other = visit(doctor_with_login()), visit(doctor_with_login())
    client.force_login(own.doctor.user)

    response = index(client)

    [_results, section, _reports] = response.context["sections"]
    [column] = section.context["columns"]
    assert [entry.appointment for entry in column.upcoming] == [own]
    assert other.patient.full_name.encode() not in response.content


def test_a_nurse_is_shown_the_doctors_she_works_with(client):
    own, other = visit(doctor_with_login()), visit(doctor_with_login())
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(own.doctor)
    client.force_login(nurse.user)

    response = index(client)

    [section, _reports] = response.context["sections"]
    assert [column.doctor for column in section.context["columns"]] == [own.doctor]
    assert other.patient.full_name.encode() not in response.content


def test_a_doctor_whose_login_is_not_linked_is_told_so(client):
    client.force_login(staff("doctor"))

    response = index(client)

    assert b"not linked" in response.content


@pytest.mark.feature("S02")
def test_an_administrator_sees_expiring_registrations_and_coming_leave(client):
    ending = DoctorFactory(registration_expires_on=at(0, days=30).date())
    DoctorFactory(registration_expires_on=at(0, days=90).date())
    leave = ScheduleExceptionFactory(doctor=ending, starts_at=at(0, days=2), ends_at=at(0, days=3))
    ScheduleExceptionFactory(doctor=ending, starts_at=at(0, days=20), ends_at=at(0, days=21))
    client.force_login(staff("administrator"))

    shown = sections(client)["_administration.html"]

    assert (shown["expiring"], shown["exceptions"]) == ([ending], [leave])


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("role", "queries"),
    # session, user, permissions (2), own actions; the others depend on the role, branches, approvals
    [
        ("doctor", 5 + 2 + 6 + READ),  # the page has already loaded the roles
        ("receptionist", 5 + 3 + 1 + 1 + READ_BY_STAFF),
        ("administrator", 5 + 3 + 1 + 1 + 2 + 2 + 1 + READ_BY_STAFF),
        ("auditor", 6),
    ],
)
def test_the_index_takes_the_same_queries_for_any_number(
    client, django_assert_num_queries, role, queries, rows
):
    doctor = doctor_with_login()
    for hour in range(9, 9 + rows):
        visit(doctor, hour, 30)
        ScheduleExceptionFactory(doctor=doctor, starts_at=at(0, days=2), ends_at=at(0, days=3))
    client.force_login(doctor.user if role == "doctor" else staff(role))

    with django_assert_num_queries(queries):
        response = index(client)

    assert response.status_code == 200
