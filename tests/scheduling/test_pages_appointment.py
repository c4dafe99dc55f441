"""One appointment, its confirmation and its calendar file."""

from datetime import UTC, timedelta

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from audit.models import AuditEvent
from scheduling.calendar_file import calendar_file
from scheduling.services import (
    cancel_appointment,
    check_in,
    hold_slot,
    reschedule_appointment,
)
from tests.factories import (
    PatientFactory,
    at,
    carer_of,
    staff,
)
from tests.scheduling.pages import links, text, title

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S11"),
    pytest.mark.usefixtures("sunday_noon"),
]
# Each checks whose appointment it is.
PAGES = [
    "/me/appointments/{}/",
    "/me/appointments/{}/symptoms/",
    "/me/appointments/{}/reschedule/",
    "/me/appointments/{}/cancel/",
    "/me/appointments/{}/calendar.ics",
    "/book/{}/done/",
]


def test_an_appointment_says_when_where_who_and_what_happened(client, doctor, carer, booked):
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        reschedule_appointment(appointment=booked, starts_at=at(10, days=2), by=carer)
    desk = staff("receptionist", full_name="Desk Rani")
    with time_machine.travel(at(9, 50, days=2), tick=False):
        check_in(appointment=booked, by=desk)
        client.force_login(carer)

        response = client.get(f"/me/appointments/{booked.reference}/")

    branch = doctor.schedules.first().branch.name
    assert title(response) == f"Appointment {booked.reference}"
    assert "Arrived Token 1 Tuesday 24 November, 10:00 AM" in text(response)
    assert f"30 minutes Where {branch}" in text(response)
    assert "What it is about Cough Change" in text(response)
    assert (
        "What happened Time held during the booking by you Sun 22 Nov 2026, 12:00 PM "
        "Booked by you Sun 22 Nov 2026, 12:00 PM "
        "Moved to Tue 24 Nov 2026, 10:00 AM by you Sun 22 Nov 2026, 1:00 PM "
        "Checked in at the desk by Desk Rani Tue 24 Nov 2026, 9:50 AM"
    ) in text(response)


@pytest.mark.parametrize(
    ("situation", "offered"),
    [
        ("booked", {"symptoms", "reschedule", "cancel"}),
        ("too late", {"symptoms"}),
        ("held", {"symptoms", "cancel", "check"}),
        ("cancelled", set()),
        ("may not book", set()),
    ],
)
def test_an_appointment_offers_what_can_be_done_with_it(
    client, doctor, patient, carer, booked, situation, offered
):
    visit, now = booked, timezone.now()
    if situation == "too late":
        now = at(7, 1)
    elif situation == "held":
        visit = hold_slot(patient=patient, doctor=doctor, starts_at=at(10), by=carer)
    elif situation == "cancelled":
        cancel_appointment(appointment=booked, by=carer)
    elif situation == "may not book":
        client.force_login(carer_of(patient, may_book=False))

    with time_machine.travel(now, tick=False):
        if situation == "too late":
            client.force_login(carer)
        response = client.get(f"/me/appointments/{visit.reference}/")

    actions = {link.split("/")[-2] for link in links(response) if visit.reference in link}
    assert actions & {"symptoms", "reschedule", "cancel", "check"} == offered


@pytest.mark.parametrize("page", PAGES)
def test_another_patients_appointment_is_not_found_and_the_access_is_logged(client, booked, patient, page):
    stranger = carer_of(PatientFactory())
    client.force_login(stranger)

    response = client.get(page.format(booked.reference))
    nobody = client.get(page.format("NOBODYHERE"))

    denied = AuditEvent.objects.filter(outcome="refused")
    assert (response.status_code, nobody.status_code) == (404, 404)
    assert list(denied.values_list("actor_id", "model", "object_repr", "patient_id")) == [
        (stranger.pk, "scheduling.appointment", booked.reference, patient.pk)
    ]


@pytest.mark.parametrize("page", ["/me/appointments/", *PAGES])
def test_pages_of_patients_ask_for_a_login(client, booked, page):
    client.logout()

    response = client.get(page.format(booked.reference))

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_a_revoked_carer_no_longer_sees_the_appointment(client, carer, booked):
    carer.guardianships.update(revoked_at=timezone.now())

    response = client.get(f"/me/appointments/{booked.reference}/")

    assert (response.status_code, booked.doctor.full_name in response.text) == (404, False)


@pytest.mark.feature("S08")
def test_the_confirmation_shows_reference_code_and_what_to_bring(client, booked):
    response = client.get(f"/book/{booked.reference}/done/")

    assert title(response) == f"Booked: {booked.reference}"
    assert f"Your reference {booked.reference}" in text(response)
    assert "Monday 23 November 2026, 9:00 AM 30 minutes" in text(response)
    assert "Bring a photo identity card" in text(response)
    assert "You can move or cancel it online until Monday 23 November, 7:00 AM." in text(response)
    assert 'src="data:image/svg+xml;' in response.content.decode()


@pytest.mark.feature("S08")
@pytest.mark.parametrize(
    ("situation", "leads_to"),
    [("held", "/book/{}/check/"), ("cancelled", "/me/appointments/{}/")],
)
def test_an_appointment_without_booking_has_no_confirmation(
    client, doctor, patient, carer, situation, leads_to
):
    visit = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer)
    if situation == "cancelled":
        cancel_appointment(appointment=visit, by=carer)

    response = client.get(f"/book/{visit.reference}/done/")

    assert response["Location"] == leads_to.format(visit.reference)


@pytest.mark.feature("S08")
def test_the_calendar_file_keeps_its_id_counts_changes_and_says_nothing_clinical(client, carer, booked):
    first = client.get(f"/me/appointments/{booked.reference}/calendar.ics")
    reschedule_appointment(appointment=booked, starts_at=at(10, days=2), by=carer)
    second = client.get(f"/me/appointments/{booked.reference}/calendar.ics")

    before, after = (Calendar.from_ical(answer.content).walk("VEVENT")[0] for answer in (first, second))
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert before["UID"] == after["UID"] == f"{booked.reference}@demo.example"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert before.decoded("DTSTART") == at(9).astimezone(UTC)
    assert after.decoded("DTSTART") == at(10, days=2).astimezone(UTC)
    assert (before["SUMMARY"], before["STATUS"]) == (
        "Appointment at Sanjeevani Hospital",
        "CONFIRMED",
    )
    assert b"DTSTART:20261123T080000Z" in first.content
    assert b"Cough" not in first.content
    assert b"Cardiology" not in first.content


@pytest.mark.feature("S08")
@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("held", "TENTATIVE"),
        ("booked", "CONFIRMED"),
        ("arrived", "CONFIRMED"),
        ("completed", "CONFIRMED"),
        ("no_show", "CANCELLED"),
        ("expired", "CANCELLED"),
    ],
)
def test_the_calendar_file_says_what_the_appointment_is(booked, status, said):
    booked.status = status

    assert Calendar.from_ical(calendar_file(booked, "/")).walk("VEVENT")[0]["STATUS"] == said


@pytest.mark.feature("S08")
def test_the_calendar_file_of_a_cancelled_appointment_takes_it_out(client, carer, booked):
    cancel_appointment(appointment=booked, by=carer)

    answer = client.get(f"/me/appointments/{booked.reference}/calendar.ics")

    calendar = Calendar.from_ical(answer.content)
    assert calendar["METHOD"] == "CANCEL"
    assert calendar.walk("VEVENT")[0]["STATUS"] == "CANCELLED"
    assert calendar.walk("VEVENT")[0]["SEQUENCE"] == 1
