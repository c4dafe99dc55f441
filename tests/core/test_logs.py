"""Server logs: one line for a refused request, a traceback for a server error, no query strings."""

import logging
import runpy
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse
from gunicorn.config import Config
from gunicorn.glogging import Logger

from accounts.models import Patient
from audit.capture.context import RequestIdFilter
from hms.core.logs import KeysLeftOut, RefusalsInOneLine
from tests.factories import PatientFactory, staff
from tests.opened import opened

pytestmark = pytest.mark.feature("O05")


@pytest.fixture
def ids() -> Iterator[list[str]]:
    """The request's id on each line of the log."""
    written: list[str] = []
    handler = logging.StreamHandler()
    handler.addFilter(RequestIdFilter())
    handler.emit = lambda record: written.append(record.request_id)
    logging.getLogger("django").addHandler(handler)
    yield written
    logging.getLogger("django").removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/no/such/page/", 404),
        ("/admin/audit/auditevent/", 403),
        ("/admin/accounts/patient/?phone__startswith=1", 400),
    ],
)
def test_the_line_of_a_refused_request_has_the_id_of_its_response(client, ids, address, status):
    client.force_login(staff("receptionist"))

    answer = client.get(address)

    assert (answer.status_code, set(ids)) == (status, {answer["X-Request-ID"]})


@pytest.mark.django_db
def test_the_line_of_an_edit_conflict_has_the_id_of_its_response(client, ids):
    client.force_login(staff("receptionist"))
    patient = PatientFactory(city="Mysuru")
    page = reverse("admin:accounts_patient_change", args=[patient.pk])
    form = opened(client, page)
    Patient.objects.update(city="Hassan")

    answer = client.post(page, form | {"city": "Hubli"})

    assert (answer.status_code, ids) == (409, [answer["X-Request-ID"]])


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """The lines that our log handler writes."""
    written: list[str] = []
    handler = logging.StreamHandler()
    handler.addFilter(RefusalsInOneLine())
    handler.emit = lambda record: written.append(handler.format(record))
    logging.getLogger("django.request").addHandler(handler)
    yield written
    logging.getLogger("django.request").removeHandler(handler)


@pytest.mark.django_db
def test_a_refused_request_is_one_line_without_the_search_terms(client, lines):
    client.force_login(staff("doctor"))

    client.get(reverse("admin:audit_auditevent_changelist"), {"q": "Asha Rao"})

    assert lines == ["Forbidden (Permission denied): /admin/audit/auditevent/"]


def test_a_server_error_keeps_its_traceback(lines):
    logger = logging.getLogger("django.request")
    try:
        raise LookupError("gone")
    except LookupError as error:
        logger.error("Internal Server Error: /", exc_info=error, extra={"status_code": 500})

    assert lines[0].startswith("Internal Server Error: /\nTraceback")


def test_the_handler_that_production_uses_has_the_filter():
    assert "one_line" in settings.LOGGING["handlers"]["stderr"]["filters"]


def test_the_access_log_has_the_path_without_query_and_referrer():
    asked = {
        "RAW_URI": "/admin/accounts/patient/?q=Asha",
        "PATH_INFO": "/admin/accounts/patient/",
        "QUERY_STRING": "q=Asha",
        "REQUEST_METHOD": "GET",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_REFERER": "https://hospital.example/admin/accounts/patient/?q=Asha",
    }
    config = runpy.run_path(str(Path(settings.BASE_DIR) / "gunicorn.conf.py"))

    line = config["access_log_format"] % access_atoms(asked, config["logger_class"])

    assert line.endswith('"GET /admin/accounts/patient/ HTTP/1.1" 200 512 7ms')
    assert "Asha" not in line


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/me/calendar/{'k' * 43}.ics", "/me/calendar/…"),
        (f"/v/{'k' * 26}/", "/v/…/"),  # the codes of `scheduling.link_codes`
        (f"/offers/{'k' * 26}/", "/offers/…/"),
    ],
)
def test_no_log_has_the_key_in_the_address_of_a_calendar_or_a_mailed_link(path, logged):
    asked = {"PATH_INFO": path, "RAW_URI": path, "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
    config = runpy.run_path(str(Path(settings.BASE_DIR) / "gunicorn.conf.py"))
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", path), None)

    KeysLeftOut().filter(record)

    assert access_atoms(asked, config["logger_class"])["U"] == logged
    assert record.getMessage() == f"Not Found: {logged}"
    assert "keys_left_out" in settings.LOGGING["handlers"]["stderr"]["filters"]


@pytest.mark.django_db
def test_addresses_with_search_terms_are_not_sent_to_other_sites(client):
    assert client.get("/doctors/?q=Asha")["Referrer-Policy"] == "same-origin"


def access_atoms(asked: dict, logger: type[Logger]) -> dict:
    """The values with which gunicorn fills in the format of its access log."""
    answer = SimpleNamespace(status="200 OK", sent=512, headers=[])
    took = timedelta(milliseconds=7)
    return logger(Config()).atoms(answer, SimpleNamespace(headers=[]), asked, took)
