"""Patients edit, move and cancel appointments."""

import pytest
import time_machine

from hms.core.rights import SYSTEM
from scheduling.history import steps_of
from scheduling.models import Appointment
from scheduling.services import book_appointment, hold_slot
from tests.factories import PatientFactory, at, carer_of
from tests.opened import boxes_of, opened, send
from tests.scheduling.pages import error_summary, heading, links, notices, text, times, title

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S11"),
    pytest.mark.usefixtures("sunday_noon"),
]
TEN = "20261123T0900Z"


@pytest.fixture
def page(booked):
    return f"/me/appointments/{booked.reference}/"


def test_symptoms_are_edited(client, booked, page):
    shown = client.get(f"{page}symptoms/")
    saved = client.post(f"{page}symptoms/", boxes_of(shown) | {"symptoms": "Cough and fever"}, follow=True)

    booked.refresh_from_db()
    assert title(shown) == "What is the appointment about?"
    assert shown.context["form"]["symptoms"].value() == "Cough"
    assert saved.redirect_chain == [(page, 302)]
    assert (booked.symptoms, booked.status) == ("Cough and fever", "booked")


def test_symptoms_that_are_too_long_are_refused_at_the_field(client, booked, page):
    response = client.post(f"{page}symptoms/", {"symptoms": "x" * 1001})

    booked.refresh_from_db()
    assert error_summary(response) == [
        "What it is about: Please use at most 1000 characters. This text has 1001."
    ]
    assert booked.symptoms == "Cough"


def test_cancelling_asks_first_and_keeps_the_reason(client, booked, page):
    asked = client.get(f"{page}cancel/")
    done = client.post(f"{page}cancel/", boxes_of(asked) | {"reason": "Travelling"}, follow=True)

    booked.refresh_from_db()
    assert title(asked) == heading(asked) == "Cancel this appointment?"
    assert done.redirect_chain == [(page, 302)]
    assert (booked.status, booked.cancellation_reason) == ("cancelled", "Travelling")
    assert not booked.claims.exists()
    assert "Cancelled by you: Travelling" in text(done)


def test_opening_the_pages_changes_nothing(client, booked, page):
    for question in ("cancel/", "symptoms/", "reschedule/", f"reschedule/?at={TEN}"):
        client.get(f"{page}{question}")

    found = Appointment.objects.values_list("status", "starts_at", "sequence").get()
    assert found == ("booked", at(9), 0)


def test_cancelling_twice_has_the_same_effect_as_once(client, booked, page):
    answers = opened(client, f"{page}cancel/") | {"reason": "Travelling"}
    for _time in range(2):
        response = client.post(f"{page}cancel/", answers)

    assert response["Location"] == page
    assert [step.status for step in steps_of(booked)] == ["held", "booked", "cancelled"]


def test_a_hold_is_given_up(client, doctor, patient, carer):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer)

    asked = client.get(f"/me/appointments/{held.reference}/cancel/")
    client.post(f"/me/appointments/{held.reference}/cancel/", boxes_of(asked))

    held.refresh_from_db()
    assert title(asked) == "Give this time up?"
    assert held.status == "cancelled"


def test_too_close_to_the_time_it_cannot_be_cancelled_or_moved_here(client, carer, booked, page):
    cancel, move = (opened(client, f"{page}{form}") for form in ("cancel/", f"reschedule/?at={TEN}"))
    with time_machine.travel(at(7, 1), tick=False):
        client.force_login(carer)
        asked = client.get(f"{page}cancel/")
        cancelled = client.post(f"{page}cancel/", cancel)
        moved = client.post(f"{page}reschedule/", move)

    booked.refresh_from_db()
    assert "This appointment cannot be cancelled online. Please call" in text(asked)
    assert error_summary(cancelled) == ["It is too late to change this appointment online. Please call us."]
    assert (moved.status_code, booked.status, booked.starts_at) == (409, "booked", at(9))


@pytest.mark.parametrize("action", ["symptoms/", "cancel/", "reschedule/"])
def test_a_carer_who_may_not_book_cannot_change_anything(client, patient, booked, page, action):
    client.force_login(carer_of(patient, may_book=False))

    sent = {"symptoms": "Mine now", "reason": "Because", "at": TEN}
    response = client.post(f"{page}{action}", sent)

    found = Appointment.objects.values_list("status", "symptoms", "starts_at").get()
    assert (response.status_code, found) == (404, ("booked", "Cough", at(9)))


def test_moving_shows_the_same_doctors_free_times(client, booked, page):
    response = client.get(f"{page}reschedule/")

    assert title(response) == "Move to another time"
    assert times(response) == ["9:30 AM", "10:00 AM", "10:30 AM", "11:00 AM", "11:30 AM"]
    assert f"{page}reschedule/?at={TEN}" in links(response)


def test_moving_asks_first_and_keeps_the_reference(client, booked, page):
    asked = client.get(f"{page}reschedule/?at={TEN}")
    done = client.post(f"{page}reschedule/", boxes_of(asked), follow=True)

    moved = Appointment.objects.get()
    assert title(asked) == "Move to this time?"
    for said in ("From Monday 23 November 9:00 AM", "To Monday 23 November 10:00 AM"):
        assert said in text(asked)
    assert done.redirect_chain == [(page, 302)]
    assert (moved.reference, moved.starts_at, moved.sequence) == (booked.reference, at(10), 1)


def test_moving_twice_has_the_same_effect_as_once(client, booked, page):
    answers = opened(client, f"{page}reschedule/?at={TEN}")
    for _time in range(2):
        response = client.post(f"{page}reschedule/", answers)

    moved = Appointment.objects.get()
    assert response["Location"] == page
    assert (moved.starts_at, moved.sequence) == (at(10), 1)


@pytest.mark.parametrize(
    ("at_", "problem"),
    [
        ("soon", "This is not a valid time. Choose one of these."),
        ("20261121T0800Z", "This time has passed."),
        ("20261124T0807Z", "The doctor does not see patients at this time."),
        ("20261224T0800Z", "This day cannot be booked yet."),
        ("20261123T0930Z", "This time has been taken."),
    ],
)
def test_a_time_that_cannot_be_moved_to_is_explained(client, doctor, booked, page, at_, problem):
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(10, 30), by=SYSTEM)

    asked = client.get(f"{page}reschedule/?at={at_}")
    sent = client.post(f"{page}reschedule/", opened(client, f"{page}reschedule/?at={TEN}") | {"at": at_})

    booked.refresh_from_db()
    assert problem in notices(asked)
    assert (sent.status_code, booked.starts_at) == (409, at(9))
    assert "changed this while you had it open" not in text(sent)
    assert len(times(sent)) == 4


def test_sending_no_time_is_explained(client, booked, page):
    response = client.post(f"{page}reschedule/", {})

    assert (response.status_code, notices(response)[0]) == (409, "Choose a time.")


@pytest.mark.parametrize("action", ["symptoms/", "cancel/", "reschedule/"])
def test_a_past_appointment_cannot_be_changed(client, carer, booked, page, action):
    send(client, f"{page}cancel/", {})

    client.post(f"{page}{action}", {"symptoms": "New", "at": TEN})

    found = Appointment.objects.values_list("status", "symptoms", "starts_at").get()
    assert found == ("cancelled", "Cough", at(9))


@pytest.mark.parametrize(
    ("moved_to", "words"),
    [
        ("20261123T0900Z", "After this you cannot move or cancel it online any more"),
        ("20261123T1000Z", "You can move or cancel it online until Monday 23 November, 9:00 AM."),
    ],
)
def test_moving_into_the_notice_is_announced_before_it_is_confirmed(client, doctor, patient, moved_to, words):
    carer = carer_of(patient)
    visit = book_appointment(patient=patient, doctor=doctor, starts_at=at(11, 30), by=carer)

    with time_machine.travel(at(8, 30), tick=False):
        client.force_login(carer)
        page = client.get(f"/me/appointments/{visit.reference}/reschedule/?at={moved_to}")

    assert heading(page) == "Move to this time?"
    assert words in text(page)
    assert text(page).count("online") == 1
