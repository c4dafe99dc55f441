"""Changing one appointment on its own page, and several by an action."""

import pytest
from django.utils import timezone

from accounts.models import Patient
from hms.core.rights import SYSTEM
from scheduling.exceptions import NotToday
from scheduling.models import Appointment
from scheduling.moments import compact
from scheduling.services import edit_symptoms
from tests.factories import NurseFactory, at, staff
from tests.opened import boxes_of, send
from tests.scheduling.admin_day import (
    change_page,
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
    pytest.mark.feature("S12"),
]


# --- pages of a change


def test_cancel_needs_a_reason(client, appointment):
    client.force_login(staff("receptionist"))

    response = press(client, "cancel", appointment, reason=" ")

    assert response.context["form"].errors == {"reason": ["This field is required."]}
    assert appointment.status == "booked"


def test_cancel_keeps_the_reason_and_frees_the_time(client, appointment):
    client.force_login(staff("receptionist"))

    response = press(client, "cancel", appointment, reason="The patient is ill")

    assert response.url == change_page(appointment)
    assert (appointment.status, appointment.cancellation_reason) == (
        "cancelled",
        "The patient is ill",
    )
    assert appointment.claims.count() == 0


def test_cancel_of_a_visit_that_has_begun_is_refused_with_a_message(client, appointment):
    client.force_login(staff("receptionist"))
    press(client, "check-in", appointment)
    client.force_login(appointment.doctor.user)
    press(client, "start", appointment)
    client.force_login(staff("receptionist"))

    response = press(client, "cancel", appointment, reason="late")

    assert response.context["form"].errors == {
        "__all__": ["This is in consultation and cannot become cancelled."]
    }
    assert appointment.status == "in_consultation"


def test_reschedule_moves_to_the_chosen_time_of_the_chosen_doctor(client, appointment):
    another = doctor_with_login()
    client.force_login(staff("receptionist"))
    address = page("scheduling_appointment_reschedule", appointment.pk)

    shown = client.get(address, {"doctor": another.reference, "day": "2026-06-11"})
    time = shown.context["times"].free[0].value
    send(client, f"{address}?doctor={another.reference}&day=2026-06-11", {"time": time})

    appointment.refresh_from_db()
    assert (appointment.doctor, appointment.starts_at) == (another, at(9))
    assert appointment.sequence == 1


def test_reschedule_to_a_taken_time_is_refused_at_the_time(client, appointment):
    other = visit(appointment.doctor, 11)
    client.force_login(staff("receptionist"))

    response = press(client, "reschedule", appointment, time=compact(other.starts_at))

    assert response.context["form"].errors == {
        "time": ["This time has just been taken. Please choose another one."]
    }
    assert timezone.localtime(appointment.starts_at).hour == 10


@pytest.mark.parametrize("time", ["", "soon", "2026-06-31T10:00", "taken:"])
def test_an_invalid_time_is_refused_at_the_field(client, appointment, time):
    client.force_login(staff("receptionist"))

    response = press(client, "reschedule", appointment, time=time)

    assert list(response.context["form"].errors) == ["time"]


@pytest.mark.feature("C09")
def test_symptoms_are_read_by_those_who_treat_and_not_at_the_desk(client, appointment):
    edit_symptoms(appointment=appointment, symptoms="Cough since Monday", by=SYSTEM)
    pages = [change_page(appointment), f"{change_page(appointment)[:-7]}history/"]
    readers = {}

    for role in ("receptionist", "billing_clerk", "administrator", "doctor"):
        client.force_login(appointment.doctor.user if role == "doctor" else staff(role))
        readers[role] = [("Cough since Monday" in client.get(page).text) for page in pages]

    hidden = [False, False]
    assert readers == {
        "receptionist": hidden,
        "billing_clerk": hidden,
        "administrator": hidden,
        "doctor": [True, True],
    }


@pytest.mark.feature("C09")
def test_symptoms_of_a_confidential_patient_are_read_by_the_doctor_alone(client, appointment):
    edit_symptoms(appointment=appointment, symptoms="Cough since Monday", by=SYSTEM)
    Patient.objects.filter(pk=appointment.patient_id).update(is_confidential=True)
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(appointment.doctor)
    shown = {}

    for who, user in {"nurse": nurse.user, "doctor": appointment.doctor.user}.items():
        client.force_login(user)
        pages = change_page(appointment), appointment.get_absolute_url()
        shown[who] = ["Cough since Monday" in client.get(address).text for address in pages]

    assert shown == {"nurse": [False, False], "doctor": [True, True]}


# --- several at once


def test_an_action_does_what_it_can_and_names_what_was_refused(client):
    doctor = doctor_with_login()
    today, tomorrow = visit(doctor), visit(doctor, days=1)
    client.force_login(staff("receptionist"))

    chosen = {"action": "check_in_selected", "_selected_action": [today.pk, tomorrow.pk]}
    response = send(client, f"{list_page(Appointment)}?when=any", chosen)

    today.refresh_from_db()
    tomorrow.refresh_from_db()
    assert (today.status, tomorrow.status) == ("arrived", "booked")
    assert said(response) == [
        "1 appointment changed.",
        f"{tomorrow.patient}: {NotToday.text}",
    ]


def test_cancelling_several_asks_for_the_reason_first(client):
    doctor = doctor_with_login()
    first, second = visit(doctor), visit(doctor, 11)
    client.force_login(staff("receptionist"))
    chosen = {"action": "cancel_selected", "_selected_action": [first.pk, second.pk]}

    asked = client.post(list_page(Appointment), chosen)
    first.refresh_from_db()
    before = first.status
    client.post(list_page(Appointment), boxes_of(asked) | {"reason": "The doctor is ill"})

    first.refresh_from_db()
    second.refresh_from_db()
    assert asked.templates[0].name == "admin/scheduling/cancel_selected.html"
    assert (before, first.status, second.status) == ("booked", "cancelled", "cancelled")


def test_actions_are_offered_to_those_who_may_do_them_to_one(client):
    offered_to = {}

    for role in ("receptionist", "doctor", "nurse", "billing_clerk"):
        client.force_login(staff(role))
        form = client.get(list_page(Appointment)).context["action_form"]
        choices = form.fields["action"].choices if form else []
        offered_to[role] = [name for name, _label in choices if name]

    assert offered_to == {
        "receptionist": ["check_in_selected", "mark_selected_as_no_show", "cancel_selected"],
        "doctor": ["cancel_selected"],
        "nurse": ["check_in_selected", "mark_selected_as_no_show"],
        "billing_clerk": [],
    }
