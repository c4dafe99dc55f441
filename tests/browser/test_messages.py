"""A patient answers a reminder on a telephone without a login, and chooses which messages come."""

import os

import pytest

from hms.notifications.links import unsubscribe_token
from hms.notifications.models import DeclinedMessage
from scheduling.models import Appointment
from scheduling.visit_links import code_of
from tests.billing.rows import booked
from tests.browser.rows import given_a_doctor
from tests.factories import at, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def shot(person, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        person.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.feature("N02")
def test_a_patient_says_so_and_then_cancels_by_the_link_of_a_reminder(visitor):
    visit = booked(at(10, 30, days=1), given_a_doctor()).visit
    asha = visitor(width=360)

    asha.opens(f"/v/{code_of(visit)}/")
    shot(asha, "link")
    asha.presses("I am coming")
    asha.sees("Thank you: we expect you")
    asha.follows("I cannot come")
    shot(asha, "cancel")
    asha.presses("Yes, cancel it")
    asha.sees("This appointment is cancelled")

    assert Appointment.objects.get().status == "cancelled"


@pytest.mark.feature("N03")
def test_a_patient_chooses_messages_and_unsubscribes(visitor):
    scene = booked(at(10, 30, days=1), given_a_doctor())
    asha = visitor(width=360)
    asha.logs_in_as(scene.carer)
    asha.opens("/me/messages/")
    shot(asha, "messages")
    asha.page.get_by_role("group", name="Reminder of an appointment").get_by_label("SMS").uncheck()
    asha.presses("Save")
    asha.sees("Your choice has been saved.")

    asha.opens(f"/unsubscribe/{unsubscribe_token(scene.patient, 'reminder', 'email')}/")
    shot(asha, "unsubscribe")
    asha.presses("Send no more")
    asha.sees("is not sent by E-mail any more")

    rows = DeclinedMessage.objects.values_list("kind", "channel")
    assert sorted(rows) == [("reminder", "email"), ("reminder", "sms")]


@pytest.mark.feature("N03")
def test_an_administrator_writes_a_text(visitor):
    boss = visitor(width=768)
    boss.logs_in_as(staff("administrator"))

    boss.opens("/admin/notifications/messagetemplate/add/")
    boss.page.get_by_label("About").select_option("booked")
    boss.page.get_by_label("Text of the e-mail").fill("Dear {nobody}")
    shot(boss, "template")
    boss.page.get_by_role("button", name="Save", exact=True).click()
    boss.sees("These mean nothing here: nobody.")
