"""Steps of nurses, doctors and the laboratory."""

import re

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from clinical.services import record_no_known_allergies
from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Doctor
from scheduling.services import check_in, edit_symptoms
from tests.browser.rows import given_a_visit
from tests.browser.visitor import Visitor
from tests.factories.people import PASSWORD


def given_a_waiting_patient(doctor: Doctor, symptoms: str = "Tired for weeks", **fields) -> Appointment:
    """Checked in for half past nine."""
    visit = given_a_visit(doctor, 9, 30, **fields)
    edit_symptoms(appointment=visit, symptoms=symptoms, by=SYSTEM)
    record_no_known_allergies(patient=visit.patient, by=SYSTEM)
    return check_in(appointment=visit, by=SYSTEM)


def when_recording_vitals_from_the_board(visitor: Visitor, **answers: str) -> None:
    visitor.opens("/admin/day-board/")
    visitor.follows(re.compile("^Vital signs"))
    visitor.fills(**answers)
    visitor.presses("Record")


def when_beginning_from_the_board(visitor: Visitor) -> None:
    visitor.opens("/admin/day-board/")
    visitor.follows(re.compile("^Consultation"))
    visitor.presses("Begin the consultation")


def when_finishing(visitor: Visitor) -> None:
    visitor.presses("Finish the visit")
    visitor.sees("The visit is finished and the record is signed.")


def when_collecting_the_sample(visitor: Visitor) -> None:
    visitor.opens("/admin/lab/")
    visitor.presses(re.compile("^Collect"))
    visitor.follows("Enter the result")


def when_verifying_and_releasing(visitor: Visitor) -> None:
    visitor.opens("/admin/lab/")
    visitor.presses(re.compile("^Verify and release"))


def when_the_login_ends(visitor: Visitor, lost: str) -> None:
    if lost == "the cookie":
        visitor.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    else:
        Session.objects.all().delete()


def when_logging_in_in_another_tab(visitor: Visitor, user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("link", name="Log in in another tab").click()
    tab = opened.value
    tab.locator("main [name=login]").fill(user.email)
    tab.locator("main [name=password]").fill(PASSWORD)
    with tab.expect_navigation():
        tab.locator("main").get_by_role("button", name="Log in", exact=True).click()
    assert "/admin/" in tab.url
    tab.close()


def then_it_was_saved_by_itself(visitor: Visitor) -> None:
    visitor.page.locator("#draft-state").get_by_text(re.compile(r"^Draft saved at \d")).wait_for()
    visitor.looks()


def today_in_words() -> str:
    return timezone.localdate().strftime("%-d %b %Y")
