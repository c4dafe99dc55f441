"""The one-button steps of the day, and what their services refuse."""

from datetime import timedelta

import pytest

from scheduling.history import steps_of
from tests.factories import UserFactory, staff
from tests.scheduling.admin_day import (
    MORNING,
    change_page,
    doctor_with_login,
    page,
    press,
    said,
    visit,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("wednesday_morning"),
    pytest.mark.feature("S12"),
]


def offered(client, appointment) -> list[str]:
    response = client.get(change_page(appointment))
    return [thing.name for thing in [*response.context["steps"], *response.context["changes"]]]


def test_check_in_gives_the_next_token_and_returns_to_the_page_of_the_button(client, appointment):
    client.force_login(staff("receptionist"))

    response = press(client, "check-in", appointment, next="/admin/day-board/")

    assert (appointment.status, appointment.token) == ("arrived", 1)
    assert response.url == "/admin/day-board/"
    assert said(response) == [f"{appointment.patient.full_name} has arrived: token 1."]


def test_check_in_pressed_twice_gives_one_token(client, appointment):
    client.force_login(staff("receptionist"))

    press(client, "check-in", appointment)
    press(client, "check-in", appointment)

    assert (appointment.status, appointment.token) == ("arrived", 1)
    assert [step.status for step in steps_of(appointment)] == ["booked", "arrived"]


def test_a_button_does_not_lead_to_another_site(client, appointment):
    client.force_login(staff("receptionist"))

    response = press(client, "check-in", appointment, next="https://elsewhere.example/")

    assert response.url == change_page(appointment)


@pytest.mark.parametrize("name", ["check-in", "start", "complete", "no-show"])
def test_a_get_request_to_a_buttons_address_changes_nothing(client, appointment, name):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    response = client.get(page(f"scheduling_appointment_{name}", appointment.pk))

    appointment.refresh_from_db()
    assert response.status_code == 405
    assert appointment.status == "booked"


def test_check_in_is_refused_on_another_day(client):
    tomorrow = visit(doctor_with_login(), days=1)
    client.force_login(staff("receptionist"))

    response = press(client, "check-in", tomorrow)

    assert tomorrow.status == "booked"
    assert said(response) == [
        "Patients can be checked in on the day of the appointment and up to a week later."
    ]


def test_the_doctor_starts_and_completes_the_visit(client, appointment):
    client.force_login(staff("receptionist"))
    press(client, "check-in", appointment)
    client.force_login(appointment.doctor.user)

    press(client, "start", appointment)
    started = appointment.status
    press(client, "complete", appointment)

    assert (started, appointment.status) == ("in_consultation", "completed")


def test_a_receptionist_cannot_start_a_consultation(client, appointment):
    client.force_login(staff("receptionist"))
    press(client, "check-in", appointment)

    response = press(client, "start", appointment)

    assert response.status_code == 403
    assert appointment.status == "arrived"


def test_a_doctor_cannot_check_in(client, appointment):
    client.force_login(appointment.doctor.user)

    assert press(client, "check-in", appointment).status_code == 403
    assert appointment.status == "booked"


def test_no_show_is_refused_before_the_time_has_begun(client, appointment, wednesday_morning):
    client.force_login(staff("receptionist"))

    response = press(client, "no-show", appointment)
    early = appointment.status
    wednesday_morning.move_to(MORNING + timedelta(hours=1))
    press(client, "no-show", appointment)

    assert said(response)[0] == "The appointment has not begun yet."
    assert (early, appointment.status) == ("booked", "no_show")


def test_buttons_are_offered_by_status_role_and_time(client, appointment, wednesday_morning):
    desk, doctor = staff("receptionist"), appointment.doctor.user
    seen = []

    for who in (desk, doctor):
        client.force_login(who)
        seen.append(offered(client, appointment))
    client.force_login(desk)
    press(client, "check-in", appointment)
    wednesday_morning.move_to(MORNING + timedelta(hours=1))
    for who in (desk, doctor):
        client.force_login(who)
        seen.append(offered(client, appointment))

    assert seen == [
        ["check-in", "reschedule", "cancel", "note"],
        ["reschedule", "cancel", "note"],
        ["no-show", "cancel", "note"],
        ["start", "no-show", "cancel", "note"],
    ]
