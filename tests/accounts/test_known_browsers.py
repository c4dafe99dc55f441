"""A stranger with wrong passwords locks a login, but not in a browser in which its owner logged in before."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.known_browsers import COOKIE, MOST, SALT
from accounts.models import User
from tests.accounts.rows import somebody
from tests.accounts.test_login import TOO_MANY, is_logged_in, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock"), pytest.mark.feature("A03")]


@pytest.fixture
def asha() -> User:
    return somebody("asha@example.org")


@pytest.fixture
def at_home(asha) -> Client:
    """The browser in which the owner has logged in and out."""
    return known("asha@example.org")


def known(*emails: str) -> Client:
    client = Client()
    for email in emails:
        log_in(client, email=email)
        client.post("/accounts/logout/")
    return client


def lock(client: Client, email: str = "asha@example.org") -> None:
    for _guess in range(5):
        log_in(client, "three loud herons", email)


def is_locked(client: Client, email: str = "asha@example.org") -> bool:
    page = log_in(client, email=email)
    if page.status_code == 302:
        return False
    assert page.context["form"].non_field_errors() == [TOO_MANY]
    return True


def test_a_stranger_locks_the_login_everywhere_but_where_its_owner_was_before(at_home):
    lock(Client(REMOTE_ADDR="192.0.2.7"))

    assert [is_locked(Client()), is_locked(at_home)] == [True, False]
    assert is_logged_in(at_home)


def test_the_address_may_be_typed_in_any_case(at_home):
    lock(Client(REMOTE_ADDR="192.0.2.7"))

    assert not is_locked(at_home, " Asha@Example.ORG ")


def test_the_known_browser_has_a_limit_of_its_own(at_home):
    lock(at_home)

    assert [is_locked(at_home), is_locked(Client())] == [True, False]
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert not is_locked(at_home)


def test_to_have_logged_in_as_somebody_else_opens_nothing(asha):
    somebody("other@example.org")
    elsewhere = known("other@example.org")
    lock(Client(REMOTE_ADDR="192.0.2.7"))

    assert is_locked(elsewhere)


def test_one_browser_may_know_several_logins_and_forgets_the_oldest(asha, at_home):
    others = [somebody(f"other{n}@example.org").email for n in range(MOST)]
    both, many = known("asha@example.org", others[0]), known("asha@example.org", *others)
    lock(Client(REMOTE_ADDR="192.0.2.7"))

    assert [is_locked(client) for client in (both, many)] == [False, True]


def test_an_old_password_makes_no_browser_known(asha, at_home):
    asha.set_password("four quiet herons here")
    asha.save()
    lock(Client(REMOTE_ADDR="192.0.2.7"))

    page = log_in(at_home, "four quiet herons here")

    assert page.context["form"].non_field_errors() == [TOO_MANY]


@pytest.mark.parametrize("how", ["changed", "for another purpose", "too old"])
def test_a_cookie_that_is_not_ours_is_none(asha, at_home, settings, how):
    lock(Client(REMOTE_ADDR="192.0.2.7"))
    value = at_home.cookies[COOKIE].value
    if how == "changed":
        at_home.cookies[COOKIE] = value[:-1] + ("a" if value[-1] != "a" else "b")
    elif how == "for another purpose":
        at_home.cookies[COOKIE] = signing.dumps(signing.loads(value, salt=SALT), salt="other")
    else:
        settings.KNOWN_BROWSER_DAYS = -1

    assert is_locked(at_home)


def test_the_cookie_names_nobody_and_goes_to_the_pages_of_logins_only(asha, at_home):
    cookie = at_home.cookies[COOKIE]

    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/accounts/", True, "Lax")
    assert "asha" not in str(signing.loads(cookie.value, salt=SALT))
