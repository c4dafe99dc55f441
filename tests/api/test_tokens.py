import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.models import User
from accounts.services import update_login
from accounts.services.sessions import end_sessions
from audit.models import Action, AuditEvent
from tests.accounts.test_login import log_in
from tests.accounts.test_second_factor import SECRET, code
from tests.api.calls import Caller, told
from tests.factories import UserFactory, staff
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock"), pytest.mark.feature("I02")]

RIGHT = {"email": "asha@example.org", "password": PASSWORD}
WRONG = RIGHT | {"password": "something else"}


def confirmed(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def asha() -> User:
    return confirmed(UserFactory(email="asha@example.org"))


@pytest.fixture
def nobody() -> Caller:
    return Caller()


def tokens(nobody, **more) -> dict:
    answer = nobody.post("auth/token/", RIGHT | more)
    assert answer.status_code == 200, answer.content
    return answer.json()


def me(nobody, access: str):
    return nobody.get("users/me/", Authorization=f"Bearer {access}")


def test_a_login_gets_tokens_that_say_who_it_is(nobody):
    confirmed(staff("administrator", email="asha@example.org"))

    given = tokens(nobody)

    assert given == given | {"email": "asha@example.org", "is_admin": True, "roles": ["administrator"]}
    assert given["token"] == given["access"]
    assert me(nobody, given["access"]).json()["email"] == "asha@example.org"
    entry = AuditEvent.objects.get(action=Action.LOGIN)
    assert (entry.source, entry.actor.email) == ("api", "asha@example.org")


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(nobody, asha):
    wrong, unknown = (
        nobody.post("auth/token/", WRONG),
        nobody.post("auth/token/", WRONG | {"email": "else@example.org"}),
    )

    assert told(wrong) == (401, "invalid_credentials")
    assert wrong.json() == unknown.json()
    assert wrong["WWW-Authenticate"] == 'Bearer realm="api"'


def test_failures_count_together_with_those_of_the_login_page(nobody, asha):
    for _time in range(3):
        log_in(Client(), password="wrong")
    codes = [told(nobody.post("auth/token/", WRONG)) for _time in range(3)]
    right = nobody.post("auth/token/", RIGHT)

    assert codes == [(401, "invalid_credentials")] * 2 + [(429, "too_many_failures")]
    assert told(right) == (429, "too_many_failures")
    assert right["Retry-After"] == "300"


def test_an_address_that_is_not_confirmed_gets_no_token(nobody):
    UserFactory(email="asha@example.org")

    assert told(nobody.post("auth/token/", RIGHT)) == (403, "email_not_confirmed")


def test_a_second_factor_is_asked_for_and_its_failures_count(nobody, asha):
    TOTP.activate(asha, SECRET)

    without = told(nobody.post("auth/token/", RIGHT))
    wrong = [told(nobody.post("auth/token/", RIGHT | {"otp": "000000"})) for _time in range(6)]

    assert without == (401, "otp_required")
    assert wrong == [(401, "otp_wrong")] * 5 + [(429, "too_many_failures")]


def test_the_right_code_gets_tokens_and_is_good_for_one_time(nobody, asha):
    TOTP.activate(asha, SECRET)

    tokens(nobody, otp=code())

    assert told(nobody.post("auth/token/", RIGHT | {"otp": code()})) == (401, "otp_wrong")


def test_a_role_that_must_have_a_second_factor_gets_no_token_without(nobody, settings):
    admin = confirmed(staff("administrator", email="asha@example.org"))
    access = tokens(nobody)["access"]
    settings.MFA_REQUIRED_ROLES = ["administrator"]

    assert told(nobody.post("auth/token/", RIGHT)) == (403, "second_factor_required")
    assert told(me(nobody, access)) == (403, "second_factor_required")
    TOTP.activate(admin, SECRET)
    assert me(nobody, access).status_code == 200


def test_a_refresh_token_is_good_for_one_time_and_its_reuse_ends_the_login(nobody, asha):
    first = tokens(nobody)
    second = nobody.post("auth/token/refresh/", {"refresh": first["refresh"]}).json()
    third = nobody.post("auth/token/refresh/", {"refresh": second["refresh"]}).json()

    again = nobody.post("auth/token/refresh/", {"refresh": first["refresh"]})

    assert told(again) == (401, "token_not_valid")
    assert told(me(nobody, third["access"])) == (401, "token_not_valid")
    assert told(nobody.post("auth/token/refresh/", {"refresh": third["refresh"]})) == (401, "token_not_valid")
    entry = AuditEvent.objects.get(action=Action.LOGIN_FAILED)
    assert entry.details == {"what": "refresh_token_reused"}


def test_the_logout_ends_the_tokens_of_this_login_alone(nobody, asha):
    here, elsewhere = tokens(nobody), tokens(nobody)

    gone = nobody.post("auth/logout/", {}, Authorization=f"Bearer {here['access']}")

    assert gone.status_code == 204
    assert told(me(nobody, here["access"])) == (401, "token_not_valid")
    assert told(nobody.post("auth/token/refresh/", {"refresh": here["refresh"]})) == (401, "token_not_valid")
    assert me(nobody, elsewhere["access"]).status_code == 200
    assert nobody.post("auth/logout/", {"refresh": elsewhere["refresh"]}).status_code == 204
    assert told(me(nobody, elsewhere["access"])) == (401, "token_not_valid")


def close(asha):
    update_login(user=asha, is_active=False, by=staff("administrator"))


def choose_a_new_password(asha):
    asha.set_password("another horse battery")
    asha.save()


def end_every_session(asha):
    end_sessions(sessions=list(UserSession.objects.filter(user=asha)), by=asha)


@pytest.mark.parametrize("what", [close, choose_a_new_password, end_every_session])
def test_what_ends_sessions_ends_tokens_at_once(nobody, asha, what):
    given = tokens(nobody)

    what(asha)

    assert told(me(nobody, given["access"])) == (401, "token_not_valid")
    assert told(nobody.post("auth/token/refresh/", {"refresh": given["refresh"]})) == (401, "token_not_valid")


def test_the_login_stands_among_the_sessions_of_the_person(nobody, asha):
    tokens(nobody)
    client = Client()
    client.force_login(asha)

    assert [row.user for row in UserSession.objects.all()] == [asha]
    assert client.get("/accounts/sessions/").status_code == 200


def test_a_session_of_a_browser_opens_nothing_and_a_token_opens_no_page(asha, nobody):
    client = Client()
    client.force_login(asha)

    assert told(client.get("/api/v1/users/me/")) == (401, "not_authenticated")
    access = tokens(nobody)["access"]
    page = nobody.client.get("/me/", headers={"Authorization": f"Bearer {access}"})
    assert page.status_code == 302


@pytest.mark.parametrize("text", ["x", "a.b.c", "", "é"])
def test_what_is_no_token_is_refused(nobody, text):
    assert told(nobody.get("users/me/", Authorization=f"Bearer {text}")) == (401, "token_not_valid")
    assert told(nobody.get("users/me/", Authorization="Basic x")) == (401, "token_not_valid")


def test_an_access_token_refreshes_nothing_and_a_refresh_token_opens_nothing(nobody, asha):
    given = tokens(nobody)

    assert told(nobody.post("auth/token/refresh/", {"refresh": given["access"]})) == (401, "token_not_valid")
    assert told(me(nobody, given["refresh"])) == (401, "token_not_valid")


def test_a_link_to_choose_a_password_is_sent_whether_there_is_such_a_login_or_not(nobody, asha, mailoutbox):
    known = nobody.post("auth/password/reset/", {"email": "asha@example.org"})
    unknown = nobody.post("auth/password/reset/", {"email": "nobody@example.org"})

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"")
    assert [mail.to for mail in mailoutbox] == [["asha@example.org"], ["nobody@example.org"]]
