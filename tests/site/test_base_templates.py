"""The base templates, shared partials, and account pages."""

import re
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from hms.core.templatetags import pictures
from tests.factories import UserFactory, staff
from tests.factories.people import PASSWORD
from tests.scheduling.pages import error_summary, heading, links, text, title, words

pytestmark = pytest.mark.django_db


class AboutYou(forms.Form):
    full_name = forms.CharField()
    gender = forms.ChoiceField(choices=[("f", "Female"), ("m", "Male")], widget=forms.RadioSelect)
    born_on = forms.DateField(widget=forms.SelectDateWidget)


@pytest.fixture
def account():
    user = UserFactory(full_name="Priya Raghunathan", email="priya@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def priya(client, account):
    client.force_login(account)
    return account


def test_the_menu_of_a_visitor_offers_to_log_in_and_nothing_of_ones_own(client):
    page = client.get("/accounts/password/reset/")

    assert {"/accounts/login/", "/accounts/signup/", "/doctors/"} <= set(links(page))
    assert "/me/bills/" not in links(page)
    assert "Log out" not in text(page)


def test_the_menu_of_a_patient_leads_to_their_own_pages_and_not_to_the_staff_site(client, priya):
    page = client.get("/accounts/sessions/")

    menu = page.content.decode().split("<footer")[0]
    assert {"/me/", "/me/appointments/", "/me/records/", "/me/bills/"} <= set(links(page))
    assert 'href="/admin/"' not in menu
    assert 'action="/accounts/logout/"' in menu


def test_the_menu_of_staff_leads_to_the_staff_site(client):
    client.force_login(staff("receptionist"))

    menu = client.get("/accounts/sessions/").content.decode().split("<footer")[0]

    assert 'href="/admin/"' in menu


def test_a_page_that_does_not_exist_says_what_to_do(client):
    page = client.get("/no/such/page/")

    assert (page.status_code, title(page)) == (404, "We cannot find this page")
    assert "/doctors/" in links(page)


def test_the_error_page_needs_neither_request_nor_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string("500.html")

    assert "<h1>Something went wrong here</h1>" in page


ERROR_PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "409.html", "429.html"]


@pytest.mark.parametrize("page", ERROR_PAGES)
def test_refused_requests_have_a_page_in_the_sites_design(rf, page):
    shown = render_to_string(page, request=rf.get("/doctors/"))

    assert 'class="site-header"' in shown
    assert '<a class="btn btn-primary" href="/">Front page</a>' in shown


@pytest.mark.parametrize("page", ERROR_PAGES)
def test_refused_requests_of_staff_lead_back_to_the_staff_site(rf, page):
    shown = render_to_string(page, request=rf.get("/admin/accounts/"))

    assert '<a class="btn btn-primary" href="/admin/">Staff site</a>' in shown
    assert set(re.findall(r'<a [^>]*href="([^"]*)"', shown)) == {"#main", "/admin/"}


@pytest.mark.django_db
def test_a_form_without_a_valid_token_says_what_to_do(client):
    strict = Client(enforce_csrf_checks=True)

    page = strict.post("/accounts/login/", {"login": "asha@example.org", "password": "x"})

    assert (page.status_code, title(page)) == (403, "This form is no longer valid")
    assert "Go back, load the page again and send the form once more." in page.text


def test_errors_are_summed_up_first_with_links_to_fields_that_are_there(client):
    page = client.post("/accounts/login/", {})

    assert title(page) == "Error: Log in"
    assert error_summary(page) == ["Email: This field is required.", "Password: This field is required."]
    assert lost_targets(page.content.decode()) == set()


def test_the_summary_leads_to_the_first_control_of_a_group():
    form = AboutYou({"born_on_day": "31", "born_on_month": "2", "born_on_year": "2020"})

    page = render_to_string("_error_summary.html", {"form": form}) + str(form)

    assert re.findall(r'href="#([\w-]+)"', page) == ["id_full_name", "id_gender_0", "id_born_on_day"]
    assert lost_targets(page) == set()


@pytest.mark.parametrize(
    ("person", "pk", "letters"),
    [("Asha Menon", 1, "AM"), ("Dr. Farhan Qureshi", 9, "FQ"), ("Dr Om", 17, "O")],
)
def test_a_person_without_a_photo_has_initials_in_a_fixed_colour(person, pk, letters):
    avatar = pictures.avatar(person, pk)

    assert words(avatar) == letters
    assert "avatar-1" in avatar


def test_pages_of_a_list_keep_what_was_searched_for(rf):
    request = rf.get("/doctors/?q=skin&page=2")
    page_obj = Paginator(range(60), 20).page(2)

    pager = render_to_string("_pagination.html", {"page_obj": page_obj}, request=request)

    assert "Page 2 of 3" in words(pager)
    assert re.findall(r'href="(\?[^"]*)"', pager) == ["?q=skin&amp;page=1", "?q=skin&amp;page=3"]


def test_a_kept_time_says_until_when_also_without_javascript():
    until = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)

    with timezone.override("Asia/Kolkata"):
        hold = render_to_string("_hold.html", {"until": until})

    assert "We keep this time for you until 10:00 AM" in words(hold)
    assert 'data-until="2026-11-22T10:00:00+05:30"' in hold


@pytest.mark.feature("A02")
@pytest.mark.parametrize("others", [0, 2])
def test_own_sessions_are_listed_by_device(client, account, others):
    for _ in range(others):
        log_in(Client(), "Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0")
    log_in(client, "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0")

    page = client.get("/accounts/sessions/")

    assert UserSession.objects.count() == others + 1
    assert text(page).count("Edge, Windows This session") == 1
    assert text(page).count("Firefox, Android From") == others
    assert ("Log out all other sessions" in text(page)) is (others > 0)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("email/", "E-mail address"),
        ("password/change/", "Change your password"),
        ("2fa/", "Two-step login"),
        ("2fa/webauthn/", "Passkeys and security keys"),
        ("sessions/", "Active sessions"),
        ("logout/", "Log out?"),
        ("reauthenticate/", "Confirm that it is you"),
    ],
)
def test_the_pages_of_ones_account_stand_in_the_frame_of_the_site(client, priya, address, says):
    page = client.get(f"/accounts/{address}")

    assert heading(page) == says
    assert 'class="site-header"' in page.content.decode()


@pytest.mark.feature("A02")
def test_the_message_with_the_reset_link_comes_from_the_hospital(client, priya, mailoutbox):
    client.logout()

    client.post("/accounts/password/reset/", {"email": priya.email})

    [letter] = mailoutbox
    assert letter.subject == "Choose a new password"
    assert letter.body.startswith("Open this page to choose a new password:\n\nhttp://testserver/accounts/")
    assert "\nSanjeevani Hospital\n14 Residency Road" in letter.body


def log_in(client: Client, agent: str) -> None:
    answers = {"login": "priya@example.org", "password": PASSWORD}
    client.post("/accounts/login/", answers, headers={"User-Agent": agent})


def lost_targets(page: str) -> set[str]:
    """Targets of links within the page that do not exist."""
    wanted = set(re.findall(r'href="#([\w-]+)"', page))
    return wanted - set(re.findall(r'\bid="([\w-]+)"', page))
