"""Messages about times that are held for somebody: to whom they go, and what stands in them."""

from datetime import time

import pytest

from hms.core.rights import SYSTEM
from hms.notifications.models import Notification
from scheduling.offer_links import link_to_offer
from scheduling.services import offer_free_times, propose_times
from tests.factories import GuardianshipFactory, PatientFactory, at, carer_of, doctor_with_hours
from tests.scheduling.admin_day import visit
from tests.scheduling.waiting_rows import enter_leave, open_offers, waits

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03"), pytest.mark.usefixtures("sunday_noon")]


@pytest.fixture
def patient():
    return PatientFactory(email="asha@elsewhere.example")


def told() -> list[tuple[str, str]]:
    return sorted(Notification.objects.values_list("kind", "recipient"))


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
    body = Notification.objects.first().body
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

    (letter,) = Notification.objects.all()
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

    assert "otherwise we call you" in Notification.objects.get().body


def test_who_wants_no_e_mail_gets_none(patient):
    patient.wants_email = False
    patient.save()
    carer_of(patient)
    waits(doctor_with_hours(), patient=patient, by=SYSTEM)

    assert offer_free_times() == 1
    assert at(9) == open_offers()[0].hold.starts_at
    assert told() == []
