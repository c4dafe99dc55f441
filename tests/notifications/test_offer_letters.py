"""Messages about times that are held for somebody: to whom they go, and what stands in them."""

from datetime import time, timedelta

import pytest
import time_machine
from django.utils import timezone

from hms.core.rights import SYSTEM
from hms.notifications.models import Notification
from hms.notifications.sending import send_due
from scheduling.offer_links import link_to_offer
from scheduling.services import (
    accept_offer,
    decline_offer,
    expire_holds,
    offer_free_times,
    propose_times,
)
from tests.factories import GuardianshipFactory, PatientFactory, at, carer_of, doctor_with_hours
from tests.scheduling.admin_day import visit
from tests.scheduling.waiting_rows import enter_leave, open_offers, waits

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03"), pytest.mark.usefixtures("sunday_noon")]


@pytest.fixture
def patient():
    return PatientFactory(email="asha@elsewhere.example")


def told(channel: str = "email") -> list[tuple[str, str]]:
    return sorted(Notification.objects.filter(channel=channel).values_list("kind", "recipient"))


@pytest.mark.feature("S18")
def test_whoever_may_answer_is_told_the_time_and_the_link(settings, patient):
    settings.SITE_ADDRESS = "https://hms.example/"
    carer = carer_of(patient)
    GuardianshipFactory(patient=patient, may_book=False)
    doctor = doctor_with_hours(time(9), time(10), full_name="Dr Mehta")
    waits(doctor, patient=patient)

    offer_free_times()

    assert told() == sorted([("waiting_offer", carer.email), ("waiting_offer", patient.email)])
    (offer,) = open_offers()
    body = Notification.objects.filter(channel="email").first().body
    assert "Monday 23 November 2026, 9:00 AM\nDr Mehta\n" in body
    assert "until Sunday 22 November, 12:15 PM" in body
    assert f"https://hms.example{link_to_offer(offer)}" in body
    assert patient.full_name not in body


@pytest.mark.feature("S19")
def test_a_leave_is_told_with_another_time_and_once_more_if_it_is_withdrawn(patient):
    doctor = doctor_with_hours(time(9), time(10), full_name="Dr Mehta")
    visit(doctor, 9, days=1, patient=patient)
    leave = enter_leave(doctor)

    for _twice in range(2):
        propose_times()

    (letter,) = Notification.objects.filter(channel="email")
    assert letter.subject == "Your visit needs another time"
    assert "Monday 23 November 2026, 9:00 AM\nDr Mehta" in letter.body
    assert "Tuesday 24 November 2026, 9:00 AM\nDr Mehta" in letter.body
    assert "Until Monday 23 November, 12:00 PM we hold this time" in letter.body

    leave.delete()
    propose_times()

    assert told() == [("leave_offer", patient.email), ("visit_stays", patient.email)]


@pytest.mark.feature("S19")
def test_who_gets_no_other_time_is_told_that_the_desk_calls(patient):
    doctor = doctor_with_hours(time(9), time(10))
    visit(doctor, 9, days=1, patient=patient)
    enter_leave(doctor, days=1)
    for day in range(2, 40):
        enter_leave(doctor, days=day)

    propose_times()

    assert "otherwise we call you" in Notification.objects.get(channel="email").body


def test_who_has_no_e_mail_is_told_by_sms_and_can_answer(client, settings):
    settings.SITE_ADDRESS = "https://hms.example/"
    patient = PatientFactory(email="")
    waits(doctor_with_hours(time(9), time(10)), patient=patient)

    offer_free_times()

    (offer,), row = open_offers(), Notification.objects.get()
    assert (row.channel, row.recipient) == ("sms", patient.phone.as_e164)
    assert row.body == (
        "Sanjeevani Hospital: Mon 23 Nov 9:00 AM is held until 12:15 PM.\n"
        f"Take it? https://hms.example{link_to_offer(offer)}"
    )
    assert client.get(row.body.partition("https://hms.example")[2]).status_code == 200


@pytest.mark.feature("S19")
def test_who_has_no_e_mail_is_told_of_a_leave_by_sms(settings):
    settings.SITE_ADDRESS = "https://hms.example/"
    doctor = doctor_with_hours(time(9), time(10))
    visit(doctor, 9, days=1, patient=PatientFactory(email=""))
    leave = enter_leave(doctor)
    propose_times()
    (offer,) = open_offers()
    leave.delete()
    propose_times()

    first, second = Notification.objects.order_by("pk").values_list("body", flat=True)
    assert first == (
        "Sanjeevani Hospital: your visit Mon 23 Nov 9:00 AM needs another time.\n"
        f"Choose: https://hms.example{link_to_offer(offer)}"
    )
    assert second.startswith("Sanjeevani Hospital: your visit Mon 23 Nov 9:00 AM, ")
    assert "stays as it was" in second


@pytest.mark.parametrize("end", ["run out", "declined", "taken"])
def test_a_message_that_was_held_up_offers_no_time_that_is_over(patient, end):
    waits(doctor_with_hours(time(9), time(9, 30)), patient=patient)
    offer_free_times()
    (offer,) = open_offers()

    if end == "declined":
        decline_offer(offer=offer, by=SYSTEM)
    elif end == "taken":
        accept_offer(offer=offer, by=SYSTEM)
    with time_machine.travel(timezone.now() + timedelta(minutes=16 if end == "run out" else 1)):
        sent = [send_due(channel) for channel in ("email", "sms")]

    assert sent == [(0, 0), (0, 0)]
    assert set(Notification.objects.exclude(kind="booked").values_list("status", flat=True)) == {"outdated"}


@pytest.mark.feature("S19")
def test_that_a_visit_needs_another_time_is_told_however_late(patient):
    doctor = doctor_with_hours(time(9), time(10))
    visit(doctor, 9, days=4, patient=patient)
    enter_leave(doctor, days=4)
    propose_times()

    with time_machine.travel(timezone.now() + timedelta(hours=30)):
        expire_holds()
        assert send_due() == (1, 0)


def test_who_wants_no_e_mail_gets_none(patient):
    patient.wants_email = False
    patient.save()
    carer_of(patient)
    waits(doctor_with_hours(), patient=patient, by=SYSTEM)

    assert offer_free_times() == 1
    assert at(9) == open_offers()[0].hold.starts_at
    assert told() == []
