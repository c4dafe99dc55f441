"""Signing up does not tell whether an e-mail address has a login, where its owner is told by e-mail."""

import pytest
from django.utils import timezone

from accounts.models import Patient, User
from tests.accounts.answers import SIGN_UP
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A01")]

PAGE = "/accounts/signup/"


def answer_to(client, **changes) -> tuple:
    """What somebody sees who signs up: the status, the errors and the next page."""
    response = client.post(PAGE, SIGN_UP | changes)
    client.cookies.clear()
    if response.status_code == 302:
        return 302, response.url, client.get(response.url).text
    return 200, dict(response.context["form"].errors), ""


@pytest.mark.parametrize(
    "changes",
    [{}, {"phone": "12345"}, {"date_of_birth_year": str(timezone.localdate().year - 17)}],
    ids=["accepted", "refused by the form", "refused by the service"],
)
def test_signup_answers_alike_whether_the_address_has_a_login(client, mailoutbox, changes):
    owner = UserFactory(email="known@example.org")
    logins = {"known@example.org", "new@example.org"} if not changes else {"known@example.org"}

    answers = [answer_to(client, email=f"{who}@example.org", **changes) for who in ("known", "new")]

    assert answers[0] == answers[1]
    assert set(User.objects.values_list("email", flat=True)) == logins
    assert Patient.objects.count() == len(logins) - 1
    if not changes:
        assert [(letter.to, letter.subject) for letter in mailoutbox] == [
            ([owner.email], "You already have an account"),
            (["new@example.org"], "Confirm your e-mail address"),
        ]


@pytest.mark.parametrize("typed", ["asha@example.org", "ASHA@Example.Org"])
def test_where_addresses_are_not_confirmed_the_form_says_that_one_is_taken(client, settings, typed):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    UserFactory(email="asha@example.org")

    page = client.post(PAGE, SIGN_UP | {"email": typed})

    message = "There is already an account with this e-mail address. Log in or reset the password."
    assert page.context["form"].errors == {"email": [message]}
    assert (User.objects.count(), Patient.objects.count()) == (1, 0)
