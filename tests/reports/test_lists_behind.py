"""The pages on which numbers and bars lead to lists, and the lists that refuse to be led to."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import Patient
from hms.core.rights import SYSTEM
from hms.reports.admin.shown import ShownAnswer
from hms.reports.behind import COUNTED
from scheduling.models import Appointment, Branch
from scheduling.services import cancel_appointment, check_in, start_consultation
from tests.clinical.rows import doctor_at_work
from tests.factories import ScheduleExceptionFactory, at, staff
from tests.scheduling.admin_day import MORNING, visit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("wednesday_morning"),
    pytest.mark.feature("R03"),
]
TODAY = {"first": MORNING.date().isoformat(), "last": MORNING.date().isoformat()}


def shown(client, slug: str, **asked) -> ShownAnswer:
    return client.get(reverse("admin:report", args=[slug]), TODAY | asked).context["answer"]


def a_day(doctor) -> None:
    """One patient came, two are to come, and one cancelled."""
    came, *_coming, cancelled = (visit(doctor, *time) for time in ((9, 30), (10, 0), (10, 30), (11, 0)))
    check_in(appointment=came, by=SYSTEM)
    cancel_appointment(appointment=cancelled, by=SYSTEM)


def followed(client, answer: ShownAnswer) -> dict[str, int]:
    """How many rows the lists have behind the numbers of the first row."""
    [cells] = list(answer.lines())[:1]
    return {one.name: rows_of(client, address) for one, _text, address in cells if address}


def rows_of(client, address: str) -> int:
    return client.get(address).context["cl"].result_count


def test_every_number_and_bar_of_a_page_opens_a_list(client):
    a_day(doctor_at_work())
    client.force_login(staff("receptionist"))

    bookings, patients, hours = (
        shown(client, slug) for slug in ("bookings", "patients-by-age", "peak-hours")
    )

    assert followed(client, bookings) == {"came": 1, "coming": 2, "cancelled": 1, "bookings": 4}
    assert [rows_of(client, bar.href) for bar in bookings.drawing.bars] == [1, 2, 1]
    assert [rows_of(client, bar.href) for bar in patients.drawing.bars] == [1]
    assert [rows_of(client, bar.href) for bar in hours.drawing.bars if bar.href] == [1]
    assert Appointment.objects.count() == 4


def test_behind_the_visits_that_waited_are_none_whose_patients_still_wait(client):
    doctor = doctor_at_work()
    called, _waiting = (visit(doctor, *time) for time in ((9, 30), (10, 0)))
    for appointment in (called, _waiting):
        check_in(appointment=appointment, by=SYSTEM)
    start_consultation(appointment=called, by=doctor.user)
    client.force_login(staff("administrator"))

    assert followed(client, shown(client, "waiting")) == {"waited": 1}


def test_the_list_behind_a_number_is_of_all_branches(client):
    a_day(doctor_at_work())
    desk = staff("receptionist")
    Branch.objects.create(code="other", name="Other").staff.add(desk)
    client.force_login(desk)

    assert followed(client, shown(client, "bookings"))["bookings"] == 4


def test_who_covers_a_colleague_is_led_to_the_own_visits_alone(client):
    own, other = doctor_at_work(), doctor_at_work()
    for doctor in (own, other):
        a_day(doctor)
    ScheduleExceptionFactory(doctor=other, covered_by=own, starts_at=at(0, days=0), ends_at=at(0, days=1))
    client.force_login(own.user)

    answer = shown(client, "patients")

    assert followed(client, answer) == {"patients": 1, "visits": 1}
    assert not answer.lists_only_own


def test_the_head_of_a_department_is_led_to_what_the_head_may_see_and_told_so(client):
    head = doctor_at_work()
    a_day(head)
    member = doctor_at_work()
    a_day(member)
    member.department = head.department
    member.save()
    head.department.head = head
    head.department.save()
    client.force_login(head.user)

    page = client.get(reverse("admin:report", args=["bookings"]), TODAY)

    answer = page.context["answer"]
    assert answer.answer.rows[0]["bookings"] == 8
    assert followed(client, answer)["bookings"] == 4
    assert "may be fewer than are counted" in page.text


def test_numbers_lead_nowhere_for_those_who_may_not_open_the_list(client):
    a_day(doctor_at_work())
    technician = staff("lab_technician")
    technician.user_permissions.add(Permission.objects.get(codename="view_visits"))
    client.force_login(technician)

    answer = shown(client, "bookings")

    assert {address for cells in answer.lines() for _one, _text, address in cells} == {""}
    assert {bar.href for bar in answer.drawing.bars} == {""}


@pytest.mark.parametrize(
    "counted",
    [
        "report=patients&column=visits&first=x",
        "report=nothing&column=visits",
        "report=revenue&column=billed",
        "report=patients&column=period",
        "report=patients&column=patients",
        "report=peak-hours&column=visits&row=x",
        "\x00",
    ],
)
def test_a_list_refuses_an_address_that_asks_for_no_number_of_it(client, counted):
    a_day(doctor_at_work())
    client.force_login(staff("receptionist"))

    page = client.get("/admin/scheduling/appointment/", {"when": "any", COUNTED: counted})

    assert (page.status_code, page["Location"]) == (302, "/admin/scheduling/appointment/?e=1")


def test_a_doctor_does_not_learn_of_a_colleagues_patients_by_the_address_of_a_list(client):
    own, other = doctor_at_work(), doctor_at_work()
    a_day(other)
    client.force_login(own.user)
    asked = f"report=patients&column=patients&first={TODAY['first']}&last={TODAY['last']}"

    all_of_them = client.get("/admin/accounts/patient/", {COUNTED: asked})
    theirs = client.get("/admin/accounts/patient/", {COUNTED: f"{asked}&doctor={other.reference}"})

    assert Patient.objects.exists()
    assert all_of_them.context["cl"].result_count == 0
    assert theirs.status_code == 302
