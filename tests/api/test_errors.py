"""Errors have one form, wherever they come from."""

import pytest
from django.db import OperationalError

from hms.api import throttling
from hms.core.away import note_back
from scheduling.models import Department, Doctor
from tests.api.calls import Caller, told
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I02")]


@pytest.fixture
def nobody():
    return Caller()


def test_a_problem_says_what_is_wrong_for_programs_and_for_people(nobody):
    answer = nobody.post("auth/token/", {"email": "x"})

    assert answer.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "code": "invalid",
        "detail": "Enter a valid email address. This field is required.",
        "errors": {
            "email": [{"code": "invalid", "message": "Enter a valid email address."}],
            "password": [{"code": "required", "message": "This field is required."}],
        },
    }


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("get", "nowhere/", (404, "not_found")),
        ("get", "doctors/ZZZZZZZZZZ/", (404, "not_found")),
        ("get", "doctors/?page=99", (404, "not_found")),
        ("delete", "doctors/X/slots/", (405, "method_not_allowed")),
        ("options", "doctors/", (405, "method_not_allowed")),
        ("post", "schema/", (405, "method_not_allowed")),
        ("get", "users/me/", (401, "not_authenticated")),
    ],
)
def test_each_status_has_the_form(nobody, method, path, expected):
    assert told(nobody(method, path)) == expected


@pytest.mark.parametrize(
    "body",
    ["", "{", '{"email": "\\ud800"}', '{"email": NaN}', "[" * 100_000, '["x"]', "5", "null", '{"email": {}}'],
)
def test_a_body_that_is_no_json_for_us_is_refused(nobody, body):
    answer = nobody.client.post("/api/v1/auth/token/", body, content_type="application/json")

    assert told(answer)[0] == 400


@pytest.mark.parametrize(
    "body",
    [
        '{"email": "a@example.org", "email": "b@example.org", "password": "x"}',
        '{"email": "a@example.org", "password": "x", "more": [{"a": 1, "\\u0061": 2}]}',
    ],
)
def test_a_name_that_comes_twice_is_refused(nobody, body):
    answer = nobody.client.post("/api/v1/auth/token/", body, content_type="application/json")

    assert told(answer) == (400, "parse_error")
    assert answer.json()["detail"] == "JSON parse error - a name comes twice in an object"


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
def test_anything_but_json_is_refused(nobody, kind):
    answer = nobody.client.post("/api/v1/auth/token/", "x=1", content_type=kind)

    assert told(answer) == (415, "unsupported_media_type")


def test_a_body_that_is_too_large_is_refused(nobody, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    for headers in ({}, {"Idempotency_Key": "one"}):
        assert told(nobody.post("auth/token/", {"email": "x" * 200}, **headers)) == (413, "too_large")


def test_an_error_of_ours_and_a_database_that_is_away_have_the_form(monkeypatch):
    caller = Caller(raise_request_exception=False)

    def fails_with(error):
        def fail(*_arguments):
            raise error

        monkeypatch.setattr(throttling.AddressThrottle, "allow_request", fail)
        return caller.get("doctors/")

    assert told(fails_with(RuntimeError())) == (500, "internal_server_error")
    away = fails_with(OperationalError(2006, "MySQL server has gone away"))
    note_back()
    assert (told(away), away["Retry-After"]) == ((503, "service_unavailable"), "10")


def test_too_many_requests_of_an_address_and_of_a_login_are_refused_for_a_minute(nobody, settings):
    settings.API = settings.API | {"requests_a_minute_of_a_login": 2, "requests_a_minute_of_an_address": 4}
    login = Caller(UserFactory())

    answers = [login.get("users/me/").status_code for _time in range(3)]
    others = [nobody.get("departments/") for _time in range(2)]

    assert answers == [200, 200, 429]
    assert [answer.status_code for answer in others] == [200, 429]
    assert told(others[1]) == (429, "throttled")
    assert 1 <= int(others[1]["Retry-After"]) <= 61


def test_private_answers_are_kept_nowhere_and_cookies_do_not_count():
    answer = Caller(UserFactory()).get("users/me/")

    assert answer["Cache-Control"] == "no-store, private"
    assert not answer.cookies


@pytest.mark.usefixtures("standing_clock")
@pytest.mark.parametrize(
    ("path", "then"),
    [("departments/", 200), ("doctors/", 200), ("doctors/{ref}/", 200), ("doctors/{ref}/slots/", 304)],
)
def test_public_answers_have_a_tag_for_get_and_head_until_they_change(nobody, doctor, path, then):
    path = path.format(ref=doctor.reference)

    got, head = nobody.get(path), nobody("head", path)
    again = [nobody(method, path, If_None_Match=got["ETag"]) for method in ("get", "head")]
    Doctor.objects.update(full_name="Dr Other")
    Department.objects.update(name="Other")

    assert {**head.headers, "X-Request-ID": ""} == {**got.headers, "X-Request-ID": ""}
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", str(len(got.content)))
    assert [(answer.status_code, answer.content, answer["ETag"]) for answer in again] == [
        (304, b"", got["ETag"])
    ] * 2
    assert nobody.get(path, If_None_Match=got["ETag"]).status_code == then


def test_answers_are_not_compressed(nobody, doctor):
    answer = nobody.get("doctors/", Accept_Encoding="gzip")

    assert (answer.get("Content-Encoding"), answer.json()["count"]) == (None, 1)


@pytest.mark.parametrize(
    ("allowed", "origin", "expected"),
    [
        ([], "https://clinic.example", None),
        (["https://clinic.example"], "https://clinic.example", "https://clinic.example"),
        (["https://clinic.example"], "https://evil.example", None),
    ],
)
def test_other_sites_may_call_only_if_the_setting_names_them(nobody, settings, allowed, origin, expected):
    settings.API = settings.API | {"cors_origins": allowed}

    plain = nobody.get("departments/", Origin=origin)
    asked = nobody("options", "bookings/", Origin=origin, Access_Control_Request_Method="POST")

    assert plain.get("Access-Control-Allow-Origin") == expected
    assert asked.get("Access-Control-Allow-Origin") == expected
    assert ("Access-Control-Allow-Methods" in asked) == bool(expected)
    assert "Access-Control-Allow-Credentials" not in plain


def test_pages_have_at_most_a_hundred_rows(nobody):
    assert nobody.get("departments/?page_size=100000").json().keys() == {
        "count",
        "next",
        "previous",
        "results",
    }
