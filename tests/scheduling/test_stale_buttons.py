"""A button or form that was on the screen before a colleague changed the appointment does nothing."""

from datetime import timedelta

import pytest

from scheduling.history import steps_of
from scheduling.models import Appointment
from scheduling.services import cancel_appointment, check_in, mark_no_show, reschedule_appointment
from tests.factories import at, carer_of, staff
from tests.opened import FormReader, boxes_of, opened
from tests.scheduling.admin_day import (
    MORNING,
    doctor_with_login,
    list_page,
    page,
    press,
    said,
    visit,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("wednesday_morning"),
    pytest.mark.feature("A06"),
]
BOARD = "/admin/day-board/?day=2026-06-10"


@pytest.fixture
def late(client, appointment, wednesday_morning):
    """A patient whose time has begun, on the screen of a receptionist."""
    wednesday_morning.move_to(MORNING + timedelta(hours=1))
    client.force_login(staff("receptionist"))
    return appointment


def button_on(client, address: str, appointment: Appointment, name: str) -> dict:
    """What the button of the page would send."""
    action = page(f"scheduling_appointment_{name}", appointment.pk)
    html = client.get(address).text
    start = html.index(f'action="{action}"')
    return FormReader('<form method="post" ' + html[start : html.index("</form>", start)]).hidden[0]


@pytest.mark.parametrize(
    "where",
    [BOARD, "/admin/", "/admin/scheduling/appointment/desk/", "/admin/scheduling/appointment/{}/change/"],
)
def test_a_patient_who_has_arrived_is_not_marked_as_a_no_show_by_an_old_page(client, late, where):
    name = "check-in" if where == BOARD else "no-show"
    old = button_on(client, where.format(late.pk), late, name)
    check_in(appointment=late, by=staff("receptionist", full_name="Asha Rao"))

    response = client.post(page("scheduling_appointment_no-show", late.pk), old)

    late.refresh_from_db()
    assert (late.status, late.token) == ("arrived", 1)
    assert said(response) == [
        (
            f"{late.patient.full_name}: Nothing has been done. Asha Rao changed this at 10:20 AM while you "
            "had it open. Now: Status: Arrived."
        )
    ]


@pytest.mark.parametrize("name", ["check-in", "start", "complete", "no-show"])
def test_a_button_without_what_was_shown_does_nothing(client, late, name):
    client.force_login(late.doctor.user if name in ("start", "complete") else staff("receptionist"))

    press(client, name, late, fingerprint="")

    assert late.status == "booked"


def test_the_same_button_pressed_twice_on_one_page_is_harmless(client, late):
    old = {"fingerprint": late.shown}

    answers = [press(client, "no-show", late, **old) for _press in range(2)]

    assert [said(answer)[-1] for answer in answers] == [
        f"{late.patient.full_name} is marked as a no-show."
    ] * 2
    assert [step.status for step in steps_of(late)] == ["booked", "no_show"]


def test_a_moved_appointment_is_not_marked_as_a_no_show_for_the_old_time(client, late):
    old = late.shown
    late = reschedule_appointment(appointment=late, starts_at=at(11, days=0), by=staff("receptionist"))

    press(client, "no-show", late, fingerprint=old)

    assert late.status == "booked"


def test_an_action_leaves_alone_what_has_changed_since_the_list_was_shown(client, late):
    other = visit(doctor_with_login())
    shown = opened(client, f"{list_page(Appointment)}?when=any")
    check_in(appointment=late, by=staff("receptionist", full_name="Asha Rao"))
    chosen = {"action": "mark_selected_as_no_show", "_selected_action": [late.pk, other.pk]}

    response = client.post(f"{list_page(Appointment)}?when=any", shown | chosen)

    for row in (late, other):
        row.refresh_from_db()
    assert (late.status, other.status) == ("arrived", "no_show")
    assert said(response) == [
        "1 appointment changed.",
        (
            f"{late.patient}: Nothing has been done. Asha Rao changed this at 10:20 AM while you had it "
            "open. Now: Status: Arrived."
        ),
    ]


def test_an_action_sent_twice_says_that_nothing_is_left_to_do(client, late):
    shown = opened(client, f"{list_page(Appointment)}?when=any")
    chosen = {"action": "check_in_selected", "_selected_action": [late.pk]}

    for _press in range(2):
        response = client.post(f"{list_page(Appointment)}?when=any", shown | chosen)

    late.refresh_from_db()
    assert (late.status, late.token) == ("arrived", 1)
    assert said(response)[-1] == f"{late.patient}: Nothing to do: this is already “Arrived”."


def test_cancelling_several_counts_for_what_the_page_of_the_reason_showed(client, late):
    other = visit(late.doctor, 11)
    chosen = {"action": "cancel_selected", "_selected_action": [late.pk, other.pk]}
    asked = boxes_of(client.post(list_page(Appointment), chosen))
    check_in(appointment=late, by=staff("receptionist"))

    client.post(list_page(Appointment), asked | {"reason": "The doctor is ill"})

    for row in (late, other):
        row.refresh_from_db()
    assert (late.status, other.status) == ("arrived", "cancelled")


# --- pages with a form


def test_the_desk_does_not_cancel_a_patient_who_has_been_checked_in_since(client, late):
    address = page("scheduling_appointment_cancel", late.pk)
    old = opened(client, address) | {"reason": "Not here"}
    check_in(appointment=late, by=staff("receptionist"))

    refused = client.post(address, old)
    late.refresh_from_db()
    before = late.status
    client.post(address, boxes_of(refused) | {"reason": "Went home"})

    late.refresh_from_db()
    assert (refused.status_code, before, late.status) == (409, "arrived", "cancelled")
    (difference,) = refused.context["form"].conflict.differences
    assert (difference.label, difference.saved) == ("Status", "Arrived")


def test_the_desk_does_not_move_to_a_doctor_who_was_not_on_the_page(client, appointment):
    """A colleague moved the visit to the same time of another doctor: it is not done yet."""
    client.force_login(staff("receptionist"))
    wanted, other = doctor_with_login(), doctor_with_login()
    address = f"{page('scheduling_appointment_reschedule', appointment.pk)}?doctor={wanted.reference}"
    old = opened(client, address) | {"time": "2026-06-10T11:00+02:00"}
    reschedule_appointment(
        appointment=appointment, starts_at=at(11, days=0), doctor=other, by=staff("receptionist")
    )

    answer = client.post(address, old)

    appointment.refresh_from_db()
    assert (answer.status_code, appointment.doctor) == (409, other)


def test_two_at_the_desk_who_cancel_the_same_visit_agree(client, appointment):
    client.force_login(staff("receptionist"))
    address = page("scheduling_appointment_cancel", appointment.pk)
    old = opened(client, address) | {"reason": "Ill"}
    cancel_appointment(appointment=appointment, reason="The patient is ill", by=staff("receptionist"))

    answer = client.post(address, old)

    appointment.refresh_from_db()
    assert (answer.status_code, appointment.cancellation_reason) == (302, "The patient is ill")


def test_a_patient_does_not_move_to_a_doctor_who_was_not_on_the_page(client_of, appointment):
    appointment = visit(doctor_with_login(), days=1)
    carer = client_of(carer_of(appointment.patient))
    address = f"/me/appointments/{appointment.reference}/reschedule/"
    old = opened(carer, f"{address}?at=20260611T0900Z")
    reschedule_appointment(
        appointment=appointment, starts_at=at(11), doctor=doctor_with_login(), by=staff("receptionist")
    )

    assert carer.post(address, old).status_code == 409


def test_a_patient_does_not_change_the_symptoms_of_a_visit_that_has_ended(client_of, late):
    carer = client_of(carer_of(late.patient))
    address = f"/me/appointments/{late.reference}/symptoms/"
    old = opened(carer, address) | {"symptoms": "Cough"}
    mark_no_show(appointment=late, by=staff("receptionist"))

    assert carer.post(address, old).status_code == 409
