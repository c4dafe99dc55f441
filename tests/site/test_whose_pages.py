"""What browsers may keep and what is compressed, by whose page it is."""

import gzip

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.factories import UserFactory, doctor_with_hours, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon")]
ZIPPED = {"Accept-Encoding": "gzip, br"}
PUBLIC = ["/", "/doctors/", "/departments/hearts/"]


@pytest.fixture(autouse=True)
def doctor():
    return doctor_with_hours(department__slug="hearts")


@pytest.fixture
def priya(client):
    user = UserFactory(full_name="Priya Raghunathan")
    client.force_login(user)
    return user


@pytest.mark.parametrize("page", PUBLIC)
def test_a_public_page_may_be_kept_for_the_way_back_and_sets_no_cookie(client, page):
    response = client.get(page)

    assert response["Cache-Control"] == "no-cache"
    assert "Cookie" in response["Vary"]
    assert response.cookies == {}


@pytest.mark.parametrize("page", PUBLIC)
def test_the_same_page_is_kept_nowhere_for_somebody_with_a_session(client, priya, page):
    assert "no-store" in client.get(page)["Cache-Control"]


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/signup/"])
def test_a_page_with_the_token_of_a_form_is_kept_nowhere(client, page):
    assert "no-store" in client.get(page)["Cache-Control"]


def test_a_visitor_without_a_session_is_nobody_without_a_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        request = client.get("/accounts/login/").wsgi_request

    assert not request.user.is_authenticated
    assert request.user.pk is None


def test_a_session_that_has_ended_is_nobodys(client, priya):
    get_user_model().objects.update(is_active=False)

    response = client.get("/")

    assert "Log in" in response.content.decode()


@pytest.mark.parametrize("page", ["/accounts/logout/", "/admin/logout/"])
def test_a_logout_has_the_browser_drop_what_it_kept(client, page):
    client.force_login(staff("receptionist"))

    response = client.post(page)

    assert response["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in client.get("/")


@pytest.mark.parametrize("page", [*PUBLIC, "/doctors/?q=heart", "/accounts/signup/"])
def test_pages_of_nobody_are_compressed(client, page):
    response = client.get(page, headers=ZIPPED)

    assert response["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(response.content)
    assert "Accept-Encoding" in response["Vary"]


def test_a_page_of_ones_own_is_compressed_where_it_repeats_nothing_that_was_sent(client, priya):
    assert client.get("/me/", headers=ZIPPED)["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/me/?anything=typed", headers=ZIPPED)
    assert "Content-Encoding" not in client.post("/me/family/add/", {"full_name": "x"}, headers=ZIPPED)


def test_the_length_of_a_compressed_page_differs_each_time(client, priya):
    lengths = {len(client.get("/me/", headers=ZIPPED).content) for _n in range(12)}

    assert len(lengths) > 1


def test_only_pages_are_compressed(client, priya):
    fragment = client.get("/healthz", headers=ZIPPED)

    assert "Content-Encoding" not in fragment


def test_the_token_of_a_form_looks_different_on_every_page():
    client = Client()

    pages = {client.get("/accounts/login/").content for _n in range(2)}

    assert len(pages) == 2
