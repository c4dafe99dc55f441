"""Guesses at codes and passwords are limited; links sent by e-mail cannot be guessed."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account import app_settings as account_settings
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.accounts.test_login import is_logged_in, log_in
from tests.accounts.test_second_factor import SECRET, code
from tests.factories import UserFactory
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock"), pytest.mark.feature("A03")]

LOGIN_CODE = "/accounts/2fa/authenticate/"
WRONG, TOO_MANY = "Incorrect code.", "Too many failed login attempts. Try again later."
LATER = timedelta(minutes=5, seconds=1)


@pytest.fixture
def asha() -> User:
    user = UserFactory(email="asha@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, SECRET)
    return user


def guess(client: Client, address: str, guesses: int, wrong: str = "000000") -> list[str]:
    """The error that the page shows for each guess."""
    pages = [client.post(address, {"code": wrong}) for _guess in range(guesses)]
    return [page.context["form"].errors["code"][0] for page in pages]


@pytest.mark.parametrize("wrong", ["000000", "12345678"])
def test_after_five_wrong_codes_even_the_right_one_is_refused(client, asha, wrong):
    RecoveryCodes.activate(asha)
    log_in(client)

    told = guess(client, LOGIN_CODE, 6, wrong)
    client.post(LOGIN_CODE, {"code": code()})

    assert told == [WRONG] * 5 + [TOO_MANY]
    assert not is_logged_in(client)


def test_another_browser_network_address_and_login_do_not_reset_the_count(client, asha):
    log_in(client)
    guess(client, LOGIN_CODE, 5)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    log_in(elsewhere)

    assert guess(elsewhere, LOGIN_CODE, 1) == [TOO_MANY]
    assert not is_logged_in(elsewhere)


def test_after_five_minutes_the_right_code_is_accepted_again(client, asha):
    log_in(client)
    guess(client, LOGIN_CODE, 6)

    with time_machine.travel(timezone.now() + LATER):
        client.post(LOGIN_CODE, {"code": code()})

    assert is_logged_in(client)


def test_guesses_at_one_users_code_do_not_lock_out_another_user(client, asha):
    other = UserFactory(email="other@example.org")
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    TOTP.activate(other, SECRET)
    log_in(client)
    guess(client, LOGIN_CODE, 6)
    elsewhere = Client()
    log_in(elsewhere, email="other@example.org")

    elsewhere.post(LOGIN_CODE, {"code": code()})

    assert is_logged_in(elsewhere)


def test_guesses_at_the_code_in_an_open_session_are_limited(client, asha):
    client.force_login(asha)

    told = guess(client, "/accounts/2fa/reauthenticate/", 6)

    assert told == [WRONG] * 5 + [TOO_MANY]


def test_guesses_at_the_password_in_an_open_session_are_limited(client, asha):
    client.force_login(asha)

    answers = [client.post("/accounts/reauthenticate/", {"password": "wrong"}) for _guess in range(11)]
    right = client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert right.status_code == 429


def test_links_to_choose_a_password_cannot_be_guessed(client, asha):
    answers = [client.post(f"/accounts/password/reset/key/1-guess{n}/") for n in range(21)]

    assert [answer.status_code for answer in answers] == [200] * 20 + [429]


def test_no_code_short_enough_to_be_guessed_is_sent_by_email():
    by_code = {
        account_settings.EMAIL_VERIFICATION_BY_CODE_ENABLED,
        account_settings.LOGIN_BY_CODE_ENABLED,
        account_settings.PASSWORD_RESET_BY_CODE_ENABLED,
    }

    assert by_code == {False}


def test_a_link_that_confirms_an_address_is_signed(client, asha):
    address = EmailAddress.objects.create(user=asha, email="new@example.org")
    key = EmailConfirmationHMAC(address).key

    for guessed in (key[:-1] + ("a" if key[-1] != "a" else "b"), key.split(":")[0], f"{address.pk}"):
        client.post(f"/accounts/confirm-email/{guessed}/")

    address.refresh_from_db()
    assert not address.verified
