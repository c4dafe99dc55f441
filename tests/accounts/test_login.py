import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import register_login
from hms.core.rights import SYSTEM
from tests.accounts.answers import SIGN_UP
from tests.factories import UserFactory
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A02")]

LOGIN = "/accounts/login/"
WRONG = "The email address and/or password you specified are not correct."
TOO_MANY = "Too many failed login attempts. Try again later."


@pytest.fixture
def asha() -> User:
    user = UserFactory(email="asha@example.org", full_name="Asha Rao")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def log_in(client, password=PASSWORD, email="asha@example.org", **more):
    return client.post(LOGIN, {"login": email, "password": password} | more)


def change_email(client, email: str):
    """Change the address, with the password that the page asks for first."""
    asked = client.post("/accounts/email/", {"email": email, "action_add": ""})
    assert asked.url.startswith("/accounts/reauthenticate/")
    return client.post(asked.url, {"password": PASSWORD})


def is_logged_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("email", ["asha@example.org", " Asha@Example.ORG "])
def test_login_by_email_redirects_to_the_requested_page(client, asha, email):
    answer = log_in(client, email=email, next="/book/ABCDEFGHJK/")

    assert (answer.status_code, answer.url) == (302, "/book/ABCDEFGHJK/")
    assert client.session["_auth_user_id"] == str(asha.pk)


@pytest.mark.parametrize("email", ["asha@example.org", "nobody@example.org"])
def test_login_does_not_reveal_whether_there_is_an_account(client, asha, email):
    page = log_in(client, "three loud herons", email)

    assert page.context["form"].non_field_errors() == [WRONG]
    assert not is_logged_in(client)


def test_login_is_refused_to_an_inactive_user(client, asha):
    User.objects.update(is_active=False)

    answer = log_in(client)

    assert answer.url == reverse("account_inactive")
    assert not is_logged_in(client)


def test_login_requires_a_confirmed_address(client, asha, mailoutbox):
    EmailAddress.objects.update(verified=False)

    answer = log_in(client)

    assert answer.url == reverse("account_email_verification_sent")
    assert [letter.to for letter in mailoutbox] == [["asha@example.org"]]
    assert not is_logged_in(client)


@pytest.mark.feature("A03")
def test_the_sixth_try_in_five_minutes_is_refused_even_with_the_right_password(client, asha):
    for _try in range(5):
        assert log_in(client, "wrong").context["form"].non_field_errors() == [WRONG]

    page = log_in(client)

    assert page.context["form"].non_field_errors() == [TOO_MANY]
    assert not is_logged_in(client)


@pytest.mark.feature("A03")
def test_failed_logins_are_counted_per_account_over_all_network_addresses(asha):
    for number in range(5):
        log_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), "wrong")

    page = log_in(Client(REMOTE_ADDR="203.0.113.99"))

    assert page.context["form"].non_field_errors() == [TOO_MANY]


@pytest.mark.feature("A03")
def test_failed_logins_of_one_account_do_not_lock_another(client, asha):
    for _try in range(6):
        log_in(client, "wrong", "vikram@example.org")

    log_in(client)

    assert is_logged_in(client)


def test_logout_requires_a_post(client, asha):
    log_in(client)

    client.get("/accounts/logout/")
    assert is_logged_in(client)
    client.post("/accounts/logout/")
    assert not is_logged_in(client)


def test_a_forgotten_password_is_reset_through_a_link_by_email(client, asha, mailoutbox):
    client.post("/accounts/password/reset/", {"email": "Asha@example.org"})
    [link] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", mailoutbox[0].body)
    page = client.get(link, follow=True)
    client.post(
        page.request["PATH_INFO"],
        {"password1": "three quiet herons", "password2": "three quiet herons"},
    )

    assert log_in(Client(), "three quiet herons").status_code == 302
    assert log_in(Client()).context["form"].non_field_errors() == [WRONG]
    assert client.get(link, follow=True).context["token_fail"] is True


def test_reset_does_not_reveal_whether_there_is_an_account(client, asha):
    known = client.post("/accounts/password/reset/", {"email": "asha@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_reset_is_refused_after_five_requests_a_minute(client, asha, mailoutbox):
    for _try in range(5):
        client.post("/accounts/password/reset/", {"email": "asha@example.org"})

    answer = client.post("/accounts/password/reset/", {"email": "asha@example.org"})

    assert (answer.status_code, len(mailoutbox)) == (429, 5)


def test_signup_is_limited_per_network_address(client):
    for _try in range(30):
        assert client.post("/accounts/signup/", {}).status_code == 200

    assert client.post("/accounts/signup/", SIGN_UP).status_code == 429
    assert not User.objects.exists()


def test_other_sessions_can_be_ended(client, asha):
    elsewhere = Client()
    log_in(elsewhere)
    log_in(client)
    assert len(client.get("/accounts/sessions/").context["sessions"]) == 2

    client.post("/accounts/sessions/")

    assert elsewhere.get("/me/profile/").status_code == 302
    assert client.get("/me/profile/").status_code == 200
    assert UserSession.objects.count() == 1


def test_a_changed_address_is_used_once_it_is_confirmed(client, asha, mailoutbox):
    log_in(client)
    change_email(client, "Rao@example.org")
    assert User.objects.get().email == "asha@example.org"

    [link] = re.findall(r"http://testserver(/accounts/confirm-email/\S+)", mailoutbox[-1].body)
    client.post(link)

    assert User.objects.get().email == "rao@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("rao@example.org", True)]


def test_a_changed_address_that_another_login_has_taken_is_refused(client, asha, mailoutbox):
    log_in(client)
    change_email(client, "rao@example.org")
    register_login(by=SYSTEM, email="rao@example.org", full_name="Vikram Rao")
    [link] = re.findall(r"http://testserver(/accounts/confirm-email/\S+)", mailoutbox[-1].body)

    client.post(link)

    assert sorted(User.objects.values_list("email", flat=True)) == [
        "asha@example.org",
        "rao@example.org",
    ]


def test_the_staff_site_has_no_login_of_its_own(client):
    answer = client.get("/admin/login/?next=/admin/")

    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=%2Fadmin%2F")


def test_the_staff_site_is_closed_to_patients(client, asha):
    log_in(client)

    assert client.get("/admin/login/").status_code == 403
