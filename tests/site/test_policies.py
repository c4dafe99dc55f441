"""Headers that limit what a page may do, names of cookies, and what browsers report."""

import json
import os
import subprocess
import sys

import pytest

from hms.site import csp_reports

pytestmark = pytest.mark.feature("O05")
REPORTS = "/csp-reports/"
SAID = "Refused by the content security policy:"
LARGE = '{"csp-report": {"blocked-uri": "eval"}}' + " " * 9000


@pytest.fixture(autouse=True)
def budget(monkeypatch):
    monkeypatch.setattr(csp_reports, "budget", csp_reports.Budget())


def send(client, body: str | bytes | None = None, **report) -> int:
    body = json.dumps({"csp-report": report}) if body is None else body
    return client.post(REPORTS, body, content_type="application/csp-report").status_code


def lines(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == csp_reports.__name__]


def test_pages_say_where_reports_go_and_what_of_the_browser_they_use(client):
    answer = client.get("/healthz")

    assert "report-uri /csp-reports/" in answer["Content-Security-Policy"]
    policy = dict(one.split("=") for one in answer["Permissions-Policy"].split(", "))
    assert {policy.pop("publickey-credentials-get"), policy.pop("publickey-credentials-create")} == {"(self)"}
    assert {"camera", "microphone", "geolocation", "usb", "payment"} <= policy.keys()
    assert set(policy.values()) == {"()"}


@pytest.mark.parametrize(("https", "name"), [("True", "__Host-csrftoken"), ("False", "csrftoken")])
def test_the_cookie_of_forms_has_a_prefix_under_https(https, name):
    code = "from hms import settings; print(settings.CSRF_COOKIE_NAME)"
    said = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        env=os.environ | {"HTTPS": https},
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.strip() == name


def test_a_report_is_one_line_without_paths_queries_and_secrets(client, caplog):
    status = send(
        client,
        **{
            "document-uri": "https://hospital.example/accounts/confirm-email/MQ:secret/?q=Asha+Rao",
            "blocked-uri": "https://user:word@elsewhere.example/track.js?patient=Asha",
            "effective-directive": "script-src-elem",
            "script-sample": "Asha Rao",
        },
    )

    assert status == 204
    assert lines(caplog) == [f"{SAID} script-src-elem of https://elsewhere.example on account_confirm_email"]


def test_what_is_written_into_inline_code_is_a_word(client, caplog):
    send(
        client,
        **{
            "document-uri": "https://x.example/",
            "blocked-uri": "inline",
            "violated-directive": "style-src 'self'",
        },
    )

    assert lines(caplog) == ["Refused by the content security policy: style-src of inline on site:home"]


@pytest.mark.parametrize("bad", ["x\nforged line", "https://[", "https://a\nb/", 7, None, [], "A" * 500])
def test_no_report_writes_more_than_its_line(client, caplog, bad):
    status = send(client, **{"document-uri": bad, "blocked-uri": bad, "effective-directive": bad})

    (line,) = lines(caplog)
    assert status == 204
    assert "\n" not in line
    assert len(line) < 250


@pytest.mark.parametrize("body", ["", "x", "[]", '{"csp-report": 1}', "[" * 7000, b"\xff", LARGE])
def test_what_is_no_report_is_not_logged(client, caplog, body):
    assert send(client, body) == 204
    assert lines(caplog) == []


def test_few_are_logged_in_an_hour(client, caplog, monkeypatch):
    monkeypatch.setattr(csp_reports, "LINES_AN_HOUR", 2)

    for _report in range(5):
        send(client, **{"blocked-uri": "eval", "effective-directive": "script-src"})

    assert [line.partition(";")[2] for line in lines(caplog)] == ["", " no more of this hour are logged"]


def test_only_reports_are_taken(client):
    assert client.get(REPORTS).status_code == 405
