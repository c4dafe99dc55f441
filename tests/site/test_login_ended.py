"""What a part of a staff page is told that loads after its login has ended, or after a new login."""

import re

import pytest
from django.test import Client

from tests.factories import staff
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
