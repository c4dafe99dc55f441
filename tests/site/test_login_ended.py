"""What a part of a staff page is told that loads after its login has ended, or after a new login."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Language
from tests.factories import staff
from tests.opened import boxes_of
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C01")]
PART = {"HX-Request": "true"}
PAGE = "/admin/consultation/NOBODYSVIS/"


@pytest.fixture
def doctor():
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff("doctor"))
    client.get("/admin/")
    client.cookies["csrftoken"] = "a" * 32
    return client


@pytest.mark.parametrize("page", [PAGE, "/admin/day-board/", "/admin/scheduling/appointment/"])
def test_a_part_without_a_login_is_answered_in_words_where_they_are_seen(client, page):
    part, whole = client.get(page, headers=PART), client.get(page)

    assert (part.status_code, part["HX-Retarget"], part["HX-Reselect"]) == (
        401,
        "#login-ended",
        ".login-ended",
    )
    assert text(part).startswith("Your login has ended.")
    assert whole.status_code == 302


def test_a_part_with_the_token_of_an_earlier_login_gets_a_new_one_and_sends_again(doctor):
    refused = doctor.post(PAGE, {"csrfmiddlewaretoken": "b" * 32}, headers=PART)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)" hx-swap-oob', refused.text)[1]
    again = doctor.post(PAGE, {"csrfmiddlewaretoken": token}, headers=PART)

    assert (refused.status_code, refused["HX-Trigger-After-Settle"]) == (401, '{"renewed": {}}')
    assert again.status_code == 404


def test_a_form_with_a_wrong_token_or_from_elsewhere_is_refused_as_ever(doctor):
    whole = doctor.post(PAGE, {"csrfmiddlewaretoken": "b" * 32})
    foreign = doctor.post(PAGE, headers=PART | {"Origin": "https://elsewhere.example"})
    del doctor.cookies["csrftoken"]
    without = doctor.post(PAGE, headers=PART)

    assert [answer.status_code for answer in (whole, foreign)] == [403, 403]
    assert "hx-swap-oob" not in whole.text + foreign.text
    assert "HX-Trigger-After-Settle" not in without


FORM = {"name": "Konkani", "code": "kok", "_save": "1"}
ADD = "/admin/accounts/language/add/"


@pytest.fixture
def admin(client):
    user = staff("administrator")
    client.force_login(user)
    client.get("/admin/")
    del client.cookies["hms-session"]
    return user


def test_a_form_sent_after_the_login_has_ended_comes_back_to_the_same_person(admin, client):
    refused = client.post(ADD, FORM)
    assert refused.status_code == 302
    client.force_login(admin)

    page = client.get(ADD)
    assert page.context["typed"] == [("name", "Konkani"), ("code", "kok"), (" save", "1")]
    assert not Language.objects.filter(code="kok").exists()
    client.post(ADD, boxes_of(page))

    assert Language.objects.get(code="kok").name == "Konkani"
    assert "typed" not in client.get(ADD).context


def test_what_was_sent_is_for_nobody_else_and_not_for_long(admin, client):
    client.post(ADD, FORM)
    kept = client.session["kept_form"]
    client.force_login(staff("administrator"))
    others = "Konkani" in client.get(ADD).text
    client.logout()
    client.force_login(admin)
    session = client.session
    session["kept_form"] = kept
    session.save()
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        late = "Konkani" in client.get(ADD).text

    assert (others, late, "Konkani" in client.get(ADD).text, "Konkani" in kept) == (
        False,
        False,
        True,
        False,
    )


def test_what_was_sent_can_be_discarded(admin, client):
    client.post(ADD, FORM)
    client.force_login(admin)

    client.post(ADD, {"forget_kept": "1"})

    assert "Konkani" not in client.get(ADD).text
    assert not Language.objects.filter(code="kok").exists()


def test_nothing_is_kept_of_strangers_or_of_passwords(admin, client):
    client.post("/admin/emergency/", {"mrn": "H1", "password": "a secret"})
    stranger = Client()
    stranger.post(ADD, FORM)

    assert ["kept_form" in each.session for each in (client, stranger)] == [False, False]
