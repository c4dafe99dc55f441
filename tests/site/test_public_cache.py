"""Public pages are kept for seconds, and only where neither the request nor the answer knows a person."""

import time
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import Client

from accounts.sessions import SessionStore
from hms.site import public_cache
from hms.site.public_cache import PublicCacheMiddleware, is_the_same_for_all
from scheduling.models import Doctor
from tests.factories import UserFactory, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon")]
REFERENCE = "2345678923"
PAGES = [
    "/",
    "/doctors/",
    f"/doctors/{REFERENCE}/",
    f"/doctors/{REFERENCE}/times/?day=2026-11-23",
    f"/doctors/{REFERENCE}/?mode=in_person",
    "/branches/",
    "/departments/hearts/",
    "/departments/hearts/times/?day=2026-11-23",
]


@pytest.fixture(autouse=True)
def doctor(settings):
    settings.PUBLIC_CACHE_SECONDS = 5
    return doctor_with_hours(full_name="Dr Before", reference=REFERENCE, department__slug="hearts")


def is_kept(client: Client, page: str, **second) -> bool:
    """Whether the second answer is the first, although the hospital has no doctors any more."""
    before = client.get(page, headers=second.pop("first", None))
    Doctor.objects.update(full_name="Dr After", is_active=False)

    after = client.get(page, **second)

    assert before.status_code == 200
    return after.content == before.content


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_answered_from_memory_without_a_query(client, django_assert_num_queries, page):
    first = client.get(page)

    with django_assert_num_queries(0):
        again = client.get(page)

    assert again.content == first.content
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert again["X-Request-ID"] != first["X-Request-ID"]


@pytest.mark.parametrize("page", PAGES)
def test_somebody_with_a_session_is_answered_again(client, page):
    assert is_kept(client, page)

    client.force_login(UserFactory(full_name="Priya Raghunathan"))
    response = client.get(page)

    assert "Dr Before" not in response.content.decode()


@pytest.mark.parametrize("cookie", ["hms-session", "csrftoken", "messages", "anything"])
def test_a_request_with_any_cookie_is_answered_again_and_not_kept(client, cookie):
    client.cookies[cookie] = "some-value"

    assert not is_kept(client, "/doctors/")

    client.cookies.clear()
    assert "Dr After" not in client.get("/doctors/").content.decode()
    assert "Dr Before" not in client.get("/doctors/").content.decode()


def test_a_request_with_an_authorization_is_answered_again(client):
    assert not is_kept(client, "/doctors/", headers={"Authorization": "Bearer something"})


def test_a_page_is_made_again_when_its_time_is_over(client, settings):
    settings.PUBLIC_CACHE_SECONDS = 0.05
    client.get("/doctors/")
    Doctor.objects.update(full_name="Dr After")

    time.sleep(0.06)

    assert "Dr After" in client.get("/doctors/").content.decode()


def test_nothing_is_kept_where_the_setting_is_0(client, settings):
    settings.PUBLIC_CACHE_SECONDS = 0

    assert not is_kept(client, "/doctors/")


@pytest.mark.parametrize(
    "second",
    [
        {"headers": {"HX-Request": "true"}},
        {"headers": {"HX-Request": "true", "HX-History-Restore-Request": "true"}},
        {"headers": {"Accept-Language": "de"}},
        {"headers": {"Accept-Encoding": "gzip"}},
        {"headers": {"Host": "127.0.0.1"}},
        {"query_params": {"sort": "name"}},
        {"secure": True},
    ],
)
def test_an_answer_is_given_again_only_to_the_same_question(client, settings, second):
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]

    assert not is_kept(client, "/doctors/", **second)


def test_a_fragment_for_htmx_and_the_page_are_two_answers(client):
    page = client.get("/doctors/").content.decode()
    fragment = client.get("/doctors/", headers={"HX-Request": "true"}).content.decode()

    assert ("<html" in page, "<html" in fragment) == (True, False)
    assert client.get("/doctors/").content.decode() == page


def test_head_is_answered_from_memory_without_the_body(client, django_assert_num_queries):
    page = client.get("/doctors/")

    with django_assert_num_queries(0):
        head = client.head("/doctors/")

    assert (head.content, head["Content-Length"]) == (b"", str(len(page.content)))


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/signup/", "/doctors/nobody/", "/healthz"])
def test_forms_and_what_is_not_on_the_list_are_never_kept(client, page):
    asked = []
    cache = PublicCacheMiddleware(
        lambda request: asked.append(request) or client.handler.get_response(request)
    )
    client.get(page)

    for _n in range(2):
        cache(client.get(page).wsgi_request)

    assert (len(asked), len(cache.pages)) == (2, 0)


def answered(rf, view: str = "site:home") -> SimpleNamespace:
    request = rf.get("/")
    request.session, request.user = SessionStore(), AnonymousUser()
    request.resolver_match = SimpleNamespace(view_name=view)
    return request


def test_an_answer_of_a_listed_view_to_nobody_in_particular_is_the_same_for_all(rf):
    assert is_the_same_for_all(answered(rf), HttpResponse("page", headers={"Vary": "Cookie, HX-Request"}))


def with_cookie(_request) -> HttpResponse:
    response = HttpResponse("page")
    response.set_cookie("any", "value")
    return response


def with_session(request) -> HttpResponse:
    request.session.get("anything")
    return HttpResponse("page")


def with_token(request) -> HttpResponse:
    return HttpResponse(get_token(request))


def with_login(request) -> HttpResponse:
    request.user = UserFactory()
    return HttpResponse("page")


@pytest.mark.parametrize(
    "view",
    [
        with_cookie,
        with_session,
        with_token,
        with_login,
        lambda _request: StreamingHttpResponse(["page"]),
        lambda _request: HttpResponse("page", status=404),
        lambda _request: HttpResponse("page", headers={"Vary": "Cookie, X-Hospital"}),
        lambda _request: HttpResponse("x" * (public_cache.LARGEST_PAGE + 1)),
    ],
)
def test_an_answer_that_may_be_for_one_person_is_not_kept(rf, view):
    request = answered(rf)

    assert not is_the_same_for_all(request, view(request))


def test_a_view_that_is_not_on_the_list_is_not_kept(rf):
    assert not is_the_same_for_all(answered(rf, "site:dashboard"), HttpResponse("page"))


def test_memory_holds_so_many_pages_and_drops_the_oldest(rf, monkeypatch):
    monkeypatch.setattr(public_cache, "MOST_PAGES", 2)
    cache = PublicCacheMiddleware(lambda _request: HttpResponse("page"))

    for n in range(3):
        request = answered(rf)
        request.META["QUERY_STRING"] = f"page={n}"
        cache(request)

    assert [path for _scheme, _host, path, *_rest in cache.pages] == ["/?page=1", "/?page=2"]


@pytest.mark.parametrize(("seconds", "refusal"), [(0, MiddlewareNotUsed), (6, ImproperlyConfigured)])
def test_more_than_five_seconds_are_refused_and_0_switches_it_off(settings, seconds, refusal):
    settings.PUBLIC_CACHE_SECONDS = seconds

    with pytest.raises(refusal):
        PublicCacheMiddleware(lambda _request: HttpResponse("page"))
