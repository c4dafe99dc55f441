"""Feeds for calendar programs, read with a parser that is not the one which writes them."""

import re
from datetime import UTC, timedelta

import pytest
import time_machine
import vobject

from accounts.services import revoke_guardianship
from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.exceptions import TooManyFeeds
from scheduling.models import Appointment, CalendarFeed
from scheduling.services import (
    cancel_appointment,
    hold_slot,
    make_feed,
    mark_no_show,
    reschedule_appointment,
    revoke_feed,
)
from tests.factories import PatientFactory, at, carer_of
from tests.opened import send
from tests.scheduling.admin_day import doctor_with_login, visit
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("N04")]
PAGE = "/me/calendar/"


@pytest.fixture
def doctor():
    return doctor_with_login(full_name="Dr Asha Rao")


@pytest.fixture
def patient():
    return PatientFactory(full_name="Sunita Deshpande")


@pytest.fixture
def own(patient):
    return carer_of(patient, relation="child")


def address_of(user, kind: str = "care", **options) -> str:
    return f"{PAGE}{make_feed(kind=kind, by=user, **options)[1]}.ics"


def events(answer) -> dict:
    """The events of a calendar by UID."""
    calendar = vobject.readOne(answer.content.decode())
    return {event.uid.value: event for event in calendar.contents.get("vevent", [])}


def test_a_patient_sees_the_visits_of_those_in_care_in_utc_under_the_uid_of_the_files(
    client, client_of, doctor, patient, own
):
    row = visit(doctor, 10, days=1, patient=patient)
    visit(doctor, 11)

    answer = client.get(address_of(own))

    file = client_of(own).get(f"{row.get_absolute_url()}calendar.ics")
    found = events(answer)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert list(found) == list(events(file)) == [f"{row.reference}@demo.example"]
    event = found[f"{row.reference}@demo.example"]
    assert (event.dtstart.value, event.dtend.value) == (row.starts_at, row.ends_at)
    assert event.dtstart.value.utcoffset() == timedelta(0)
    assert (event.status.value, event.summary.value) == ("CONFIRMED", "Appointment at Sanjeevani Hospital")
    assert event.url.value == f"http://testserver{row.get_absolute_url()}"
    assert re.findall(r"[^\r]\n|.{76,}", answer.content.decode()) == []


def test_programs_are_told_to_read_once_an_hour_in_both_ways_that_they_know(client, own):
    lines = client.get(address_of(own)).content.decode().splitlines()

    assert [line for line in lines if "PT1H" in line] == [
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
    ]  # fmt: skip


def test_a_doctor_sees_the_own_days_without_names_unless_they_are_asked_for(client, doctor, patient):
    own, other = visit(doctor, 10, patient=patient), visit(doctor_with_login(), 10)
    hidden = visit(doctor, 11, patient=PatientFactory(full_name="Meera Nair", is_confidential=True))

    plain = client.get(address_of(doctor.user, "doctor"))
    named = client.get(address_of(doctor.user, "doctor", shows_names=True))

    def summaries(answer) -> list[str]:
        return [event.summary.value for event in events(answer).values()]

    assert (summaries(plain), summaries(named)) == (
        ["Appointment", "Appointment"],
        ["Appointment: Sunita Deshpande", "Appointment"],
    )
    assert other.reference not in named.content.decode()
    assert [row.reference in named.content.decode() for row in (own, hidden)] == [True, True]
    for name in ("Sunita", "Meera", "Deshpande"):
        assert name not in plain.content.decode()


def test_a_move_raises_the_sequence_and_a_cancelled_visit_stays_for_a_while_as_cancelled(
    client, doctor, patient, own
):
    row, address = visit(doctor, 10, days=3, patient=patient), address_of(own)

    def seen() -> list[tuple]:
        return [
            (event.sequence.value, event.status.value, event.dtstart.value.astimezone(UTC))
            for event in events(client.get(address)).values()
        ]

    before = seen()
    row = reschedule_appointment(appointment=row, starts_at=at(11, days=3), by=SYSTEM)
    moved = seen()
    cancel_appointment(appointment=row, by=SYSTEM)
    cancelled = seen()
    with time_machine.travel(row.starts_at + timedelta(days=28)):
        later = seen()

    assert before == [("0", "CONFIRMED", at(10, days=3))]
    assert moved == [("1", "CONFIRMED", at(11, days=3))]
    assert cancelled == [("2", "CANCELLED", at(11, days=3))]
    assert later == []


def test_what_was_never_booked_is_not_shown_and_a_no_show_is_cancelled(client, doctor, patient, own):
    hold_slot(patient=patient, doctor=doctor, starts_at=at(11), by=own)
    given_up = hold_slot(patient=patient, doctor=doctor, starts_at=at(11, 30), by=own)
    cancel_appointment(appointment=given_up, by=own)
    missed = visit(doctor, 9, 30, patient=patient)
    with time_machine.travel(missed.ends_at):
        mark_no_show(appointment=missed, by=SYSTEM)

    found = events(client.get(address_of(own)))

    assert {uid: event.status.value for uid, event in found.items()} == {
        f"{missed.reference}@demo.example": "CANCELLED"
    }


def test_a_program_that_has_the_calendar_gets_304_until_something_changes(
    client, wednesday_morning, doctor, patient, own
):
    row, address = visit(doctor, 10, days=1, patient=patient), address_of(own)
    first = client.get(address)
    wednesday_morning.shift(timedelta(hours=1))

    same = client.get(address, headers={"If-None-Match": first["ETag"]})
    cancel_appointment(appointment=row, by=SYSTEM)
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (first["Cache-Control"], same.status_code, same.content) == ("private, no-cache", 304, b"")
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_a_feed_ends_with_its_revocation_with_the_login_and_with_the_care(client, doctor, patient, own):
    visit(doctor, 10, patient=patient)
    feed, key = make_feed(kind="care", by=own)
    other = address_of(own)
    statuses = [client.get(f"{PAGE}{key}.ics").status_code]

    revoke_feed(feed=feed, by=own)
    revoke_feed(feed=feed, by=own)
    statuses.append(client.get(f"{PAGE}{key}.ics").status_code)
    revoke_guardianship(guardianship=own.guardianships.get(), by=own, visits="keep")
    empty = client.get(other)
    own.is_active = False
    own.save()
    statuses.append(client.get(other).status_code)

    assert (statuses, events(empty)) == ([200, 404, 404], {})


def test_the_key_is_in_no_table_and_no_log(client, caplog, doctor, patient, own):
    visit(doctor, 10, patient=patient)
    feed, key = make_feed(kind="care", by=own)

    client.get(f"{PAGE}{key}.ics")
    revoke_feed(feed=feed, by=own)
    client.get(f"{PAGE}{key}.ics")

    assert key not in repr(CalendarFeed.objects.values())
    assert key not in repr(list(AuditEvent.objects.values()))
    read = AuditEvent.objects.get(action="read")
    assert (read.actor_id, read.patient_id, read.origin) == (own.pk, patient.pk, "GET /me/calendar/…")
    assert [record for record in caplog.records if key in record.getMessage()] == []


def test_the_page_shows_the_address_once_and_a_form_sent_twice_makes_one(client, client_of, own):
    browser = client_of(own)
    made = send(browser, PAGE, {"kind": "care"})
    again = browser.post(PAGE, {"kind": "care", "key": "k" * 32})
    twice = browser.post(PAGE, {"kind": "care", "key": "k" * 32}, follow=True)

    addresses = re.findall(r">http://testserver(/me/calendar/[\w-]{43}\.ics)<", made.text)

    assert (len(addresses), client.get(addresses[0]).status_code) == (1, 200)
    assert "Your new address" in text(again)
    assert "This address has been made already. It is shown only once." in text(twice)
    assert ".ics" not in browser.get(PAGE).text
    assert CalendarFeed.objects.count() == 2


def test_a_login_revokes_its_own_and_nobody_elses(client_of, own):
    mine, other = make_feed(kind="care", by=own)[0], make_feed(kind="care", by=carer_of(PatientFactory()))[0]
    browser = client_of(own)

    statuses = [browser.post(f"{PAGE}{feed.reference}/revoke/").status_code for feed in (mine, other)]

    assert statuses == [302, 404]
    assert list(CalendarFeed.objects.open()) == [other]
    with pytest.raises(NotAllowed):
        revoke_feed(feed=other, by=own)


def test_a_patient_gets_no_doctors_feed_and_nobody_more_than_five(own):
    with pytest.raises(NotAllowed):
        make_feed(kind="doctor", by=own)
    for _feed in range(5):
        last = make_feed(kind="care", by=own)[0]

    with pytest.raises(TooManyFeeds):
        make_feed(kind="care", by=own)
    revoke_feed(feed=last, by=own)

    assert make_feed(kind="care", by=own)[1]


@pytest.mark.parametrize("visits", [1, 3])
def test_a_feed_costs_the_same_for_any_number_of_visits(
    client, django_assert_num_queries, doctor, patient, own, visits
):
    for number in range(visits):
        visit(doctor, 10, days=number + 1, patient=patient)
    address = address_of(own)

    with django_assert_num_queries(6):
        answer = client.get(address)

    assert len(events(answer)) == visits == Appointment.objects.count()
