import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from accounts.models import Language
from accounts.services import remove_second_factors
from tests.accounts.rows import own_patient
from tests.accounts.test_login import is_logged_in, log_in
from tests.factories import UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock"), pytest.mark.feature("A05")]

SECRET = "JBSWY3DPEHPK3PXP"
SET_UP = "/accounts/2fa/?next="


@pytest.fixture
def demanded(settings):
    settings.MFA_REQUIRED_ROLES = ["administrator", "auditor"]


@pytest.fixture
def admin():
    user = staff("administrator", email="asha@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def test_a_user_whose_role_requires_a_second_factor_must_set_one_up_first(client, demanded, admin):
    client.force_login(admin)

    for page, back in (
        ("/admin/", "%2Fadmin%2F"),
        ("/me/profile/", "%2Fme%2Fprofile%2F"),
        ("/admin/accounts/patient/?q=rao", "%2Fadmin%2Faccounts%2Fpatient%2F%3Fq%3Drao"),
    ):
        answer = client.get(page)
        assert (answer.status_code, answer.url) == (302, SET_UP + back)


def test_a_submitted_form_has_no_effect_before_the_second_factor_is_set_up(client, demanded, admin):
    client.force_login(admin)

    answer = client.post("/admin/accounts/language/add/", {"name": "Kannada", "code": "kn"})

    assert answer.url == SET_UP + "%2Fadmin%2Faccounts%2Flanguage%2Fadd%2F"
    assert not Language.objects.filter(code="kn").exists()


def test_a_part_of_a_staff_page_says_so_and_leaves_the_page_with_what_is_typed(client, demanded, admin):
    client.force_login(admin)

    saving = client.post("/admin/consultation/NOBODYSVIS/", {"plan": "Rest"}, headers={"HX-Request": "true"})

    assert (saving.status_code, saving["HX-Retarget"]) == (401, "#login-ended")
    assert "HX-Redirect" not in saving
    assert 'href="/accounts/2fa/" target="_blank"' in saving.text


def test_a_form_sent_before_the_second_factor_comes_back_after_it(client, demanded, admin):
    client.force_login(admin)
    page = "/admin/accounts/language/add/"
    client.post(page, {"name": "Kannada", "code": "kn"})
    TOTP.activate(admin, SECRET)

    assert client.get(page).context["typed"] == [("name", "Kannada"), ("code", "kn")]


def test_an_htmx_request_redirects_the_whole_page_to_the_set_up(client, demanded, admin):
    client.force_login(admin)

    answer = client.get("/doctors/", headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == SET_UP + "%2Fdoctors%2F"


def test_the_set_up_and_the_logout_stay_open(client, demanded, admin):
    client.force_login(admin)

    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/accounts/email/").status_code == 200
    client.post("/accounts/logout/")
    assert not is_logged_in(client)


def test_a_user_with_a_second_factor_is_not_redirected(client, demanded, admin):
    TOTP.activate(admin, SECRET)
    client.force_login(admin)

    assert admin.email in client.get("/me/profile/").text


def test_recovery_codes_alone_do_not_count_as_a_second_factor(client, demanded, admin):
    RecoveryCodes.activate(admin)
    client.force_login(admin)

    assert client.get("/me/profile/").url == SET_UP + "%2Fme%2Fprofile%2F"


@pytest.mark.parametrize("role", ["receptionist", "doctor"])
def test_users_of_other_roles_are_not_redirected(client, demanded, role):
    user = staff(role)
    client.force_login(user)

    assert user.email in client.get("/me/profile/").text


def test_a_superuser_counts_as_an_administrator(client, demanded):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))

    assert client.get("/me/profile/").url == SET_UP + "%2Fme%2Fprofile%2F"


def test_visitors_cause_no_query_and_get_no_session(client, demanded, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/accounts/login/")

    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


def test_nobody_is_redirected_if_no_role_requires_it(client, admin, django_assert_num_queries):
    client.force_login(admin)

    with django_assert_num_queries(5) as asked:  # session, user, two for rights, the page's own
        assert client.get("/me/profile/").status_code == 200
    assert not any("mfa_authenticator" in query["sql"] for query in asked.captured_queries)


def test_login_asks_for_the_code_after_the_password(client, admin):
    TOTP.activate(admin, SECRET)

    answer = log_in(client)
    assert (answer.url, is_logged_in(client)) == ("/accounts/2fa/authenticate/", False)
    page = client.post(answer.url, {"code": "000000"})
    assert (page.context["form"].errors["code"], is_logged_in(client)) == (["Incorrect code."], False)
    client.post(answer.url, {"code": code()})
    assert is_logged_in(client)


def test_a_code_works_once(client, admin):
    TOTP.activate(admin, SECRET)
    used = code()
    for browser in (client, Client()):
        log_in(browser)
        browser.post("/accounts/2fa/authenticate/", {"code": used})

    assert (is_logged_in(client), is_logged_in(browser)) == (True, False)


def test_the_secret_is_not_readable_in_the_database(admin, settings):
    TOTP.activate(admin, SECRET)

    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert SECRET not in kept
    assert get_adapter().decrypt(kept) == SECRET


def test_a_secret_encrypted_with_a_former_key_can_still_be_read(settings):
    kept = get_adapter().encrypt(SECRET)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key" * 8

    assert get_adapter().decrypt(kept) == SECRET


def test_the_last_factor_that_a_role_requires_cannot_be_removed(demanded, admin):
    mine = TOTP.activate(admin, SECRET).instance
    doctors = TOTP.activate(staff("doctor"), SECRET).instance

    assert get_adapter().can_delete_authenticator(mine) is False
    assert get_adapter().can_delete_authenticator(doctors) is True


def test_an_administrator_removes_the_second_factors_of_a_lost_device(client, admin):
    nurse = staff("nurse", email="nurse@example.org")
    EmailAddress.objects.create(user=nurse, email=nurse.email, verified=True, primary=True)
    log_in(client, email=nurse.email)
    TOTP.activate(nurse, SECRET)

    remove_second_factors(user=nurse, by=admin)

    assert not nurse.authenticator_set.exists()
    assert client.get("/me/profile/").status_code == 302


def test_patients_may_set_up_a_second_factor(client):
    user = UserFactory()
    own_patient(user)
    client.force_login(user)

    assert "/accounts/2fa/totp/activate/" in client.get("/accounts/2fa/").text
