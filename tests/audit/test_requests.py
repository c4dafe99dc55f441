"""What a request says about itself, and which part of it is trusted."""

import logging

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from accounts.models import Patient
from audit.capture.context import RequestIdFilter, current
from audit.capture.recorder import record_denied
from audit.middleware import AuditContextMiddleware
from tests.factories import PatientFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U01")]


def request_through_middleware(rf, work, path="/admin/x/", user=None, **headers):
    request = rf.post(path, **headers)

    def respond(request):
        request.user = user
        work()
        return HttpResponse()

    return AuditContextMiddleware(respond)(request)


@pytest.mark.parametrize(
    ("path", "source"),
    [("/admin/", "admin"), ("/api/v1/x", "api"), ("/fhir/Patient", "fhir"), ("/me/", "page")],
)
def test_a_request_says_who_from_where_and_in_which_request(log, rf, path, source):
    user = UserFactory()
    log.forget()

    response = request_through_middleware(rf, PatientFactory, path, user)

    event = log.event()
    assert (event.actor_id, event.source, event.origin) == (user.pk, source, f"POST {path}")
    assert event.address == "127.0.0.1"
    assert event.request_id == response["X-Request-ID"]
    assert len(event.request_id) == 32
    assert current().request_id == ""


def test_the_key_in_a_mailed_link_is_not_kept(log, rf):
    path = "/accounts/confirm-email/Mg:1wXyzA:Zm9vYmFyZm9vYmFyZm9vYmFyZm9v/"

    request_through_middleware(rf, PatientFactory, path)

    assert log.event().origin == "POST /accounts/confirm-email/…/"


def test_a_request_id_that_came_with_the_request_is_not_believed(rf):
    response = request_through_middleware(rf, lambda: None, headers={"X-Request-ID": "a" * 32})

    assert response["X-Request-ID"] != "a" * 32


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.9, 198.51.100.2", "192.0.2.1", "198.51.100.2"),
        (2, "203.0.113.9, 198.51.100.2, 192.0.2.8", "192.0.2.1", "198.51.100.2"),
        (2, "198.51.100.2", "192.0.2.1", "192.0.2.1"),
        (1, "", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.2:4711", "192.0.2.1", "198.51.100.2"),
        (1, "[2001:DB8::1]:4711", "192.0.2.1", "2001:db8::1"),
        (1, "unknown", "192.0.2.1", None),
        (0, "", "", None),
    ],
)
def test_an_address_is_believed_as_far_as_the_proxies_are_trusted(
    log, rf, settings, proxies, forwarded, remote, address
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    request_through_middleware(rf, PatientFactory, headers=headers, REMOTE_ADDR=remote)

    assert log.event().address == address


def test_a_line_of_the_server_log_carries_the_request_id(rf):
    line = logging.makeLogRecord({})
    RequestIdFilter().filter(line)
    outside = line.request_id

    response = request_through_middleware(rf, lambda: RequestIdFilter().filter(line))

    assert outside == "-"
    assert line.request_id == response["X-Request-ID"]


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_refused_access_is_recorded_with_what_was_asked_for(log, rf, anonymous):
    request = rf.get("/me/")
    request.user = AnonymousUser() if anonymous else UserFactory()
    log.forget()

    record_denied(request, Patient, "x" * 300, patient_id=7)

    event = log.event()
    assert (event.action, event.outcome, event.model) == ("read", "refused", "accounts.patient")
    assert (event.object_repr, event.patient_id) == ("x" * 200, 7)
    assert event.actor_id == request.user.pk
