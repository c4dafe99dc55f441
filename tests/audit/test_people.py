"""Logins, failed logins, and changes of credentials."""

import pytest
from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_out, user_login_failed

from accounts.models import User
from audit.capture.context import audit_context
from tests.factories import UserFactory
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U07")]


def brief(event):
    return event.action, event.outcome, event.actor_id, event.object_repr, event.details


def test_a_login_and_a_logout_are_logged_under_the_person(log, client):
    user = UserFactory()
    log.forget()

    assert client.login(email=user.email, password=PASSWORD)
    client.logout()

    assert [brief(event) for event in log.events()] == [
        ("login", "done", user.pk, user.email, {}),
        ("logout", "done", user.pk, user.email, {}),
    ]


def test_a_failed_login_keeps_the_address_and_not_the_password(log, rf):
    user = UserFactory()
    log.forget()

    with audit_context(source="page", address="192.0.2.7"):
        assert authenticate(rf.post("/"), email=user.email, password="wrong-secret") is None

    event = log.event()
    assert brief(event) == ("login_failed", "failed", None, "", {"email": user.email})
    assert event.address == "192.0.2.7"
    assert "wrong-secret" not in str(vars(event))


def test_a_password_typed_into_the_wrong_field_is_not_kept(log):
    user_login_failed.send("test", credentials={"username": "hunter2 hunter2"}, request=None)

    assert log.event().details == {"email": "•••"}


def test_the_end_of_a_session_that_belonged_to_nobody_is_not_logged(log):
    user_logged_out.send(User, request=None, user=None)

    assert log.events() == []


@pytest.mark.parametrize(
    ("what", "signal"),
    [
        ("password_set", account.password_set),
        ("password_changed", account.password_changed),
        ("password_reset", account.password_reset),
        ("email_added", account.email_added),
        ("email_changed", account.email_changed),
        ("email_removed", account.email_removed),
        ("authenticator_added", mfa.authenticator_added),
        ("authenticator_removed", mfa.authenticator_removed),
        ("authenticator_reset", mfa.authenticator_reset),
    ],
)
def test_a_change_of_how_to_log_in_is_logged(log, rf, client, what, signal):
    request, user = rf.post("/"), UserFactory()
    client.force_login(user)
    request.user, request.session = user, client.session
    log.forget()

    signal.send(User, request=request, user=user)

    assert (log.event().action, log.event().object_repr) == ("credentials", user.email)
    assert log.event().details == {"what": what}


def test_the_particulars_of_such_a_change_are_logged_without_secrets(log):
    user = UserFactory()
    old, new = EmailAddress(email="old@example.org"), EmailAddress(email="new@example.org")
    totp = Authenticator(user=user, type="totp", data={"secret": "s3cret"})
    log.forget()

    account.email_changed.send(User, request=None, user=user, from_email_address=old, to_email_address=new)
    account.email_removed.send(User, request=None, user=user, email_address=old)
    mfa.authenticator_added.send(Authenticator, request=None, user=user, authenticator=totp)

    assert [event.details for event in log.events()] == [
        {"what": "email_changed", "from": "old@example.org", "to": "new@example.org"},
        {"what": "email_removed", "email": "old@example.org"},
        {"what": "authenticator_added", "authenticator": "totp"},
    ]


def test_signing_up_and_confirming_an_address_are_logged(log):
    user = UserFactory()
    address = EmailAddress(user=user, email=user.email)
    log.forget()

    account.user_signed_up.send(User, request=None, user=user)
    account.email_confirmed.send(EmailAddress, request=None, email_address=address)

    assert [brief(event) for event in log.events()] == [
        ("sign_up", "done", user.pk, user.email, {}),
        (
            *("credentials", "done", user.pk, user.email),
            {"what": "email_confirmed", "email": user.email},
        ),
    ]


@pytest.mark.parametrize(
    ("what", "signal"),
    [
        ("login_code", account.login_code_rejected),
        ("password_reset_code", account.password_reset_code_rejected),
        ("email_verification_code", account.email_verification_code_rejected),
        ("second_factor", mfa.authentication_failed),
    ],
)
def test_a_wrong_code_is_a_failed_login(log, what, signal):
    user = UserFactory()
    log.forget()

    signal.send(User, request=None, user=user)

    assert brief(log.event()) == ("login_failed", "failed", None, user.email, {"what": what})
