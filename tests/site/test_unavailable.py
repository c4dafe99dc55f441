"""Pages while the database is away or takes no changes."""

import pytest
from django.db import OperationalError, connection

from hms.core import away

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O03")]

LOST, READ_ONLY = (
    OperationalError(2013, "Lost connection"),
    OperationalError(1290, "running with --read-only"),
)
LOCKED = OperationalError("database is locked")


@pytest.fixture(autouse=True)
def back():
    away.note_back()
    yield
    away.note_back()


@pytest.fixture
def visitor(client):
    client.raise_request_exception = False
    return client


def failing(error):
    def fail(*_args):
        raise error

    return connection.execute_wrapper(fail)


def test_a_page_without_a_database_says_when_to_come_back_and_whom_to_call(visitor, caplog):
    with failing(LOST):
        answer = visitor.get("/doctors/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "+91 80 4000 1200" in answer.text
    assert [record.getMessage() for record in caplog.records if record.name == "django.request"] == [
        "Service Unavailable: /doctors/"
    ]


def test_while_the_database_is_away_one_request_tries_and_the_others_are_answered_at_once(
    visitor, monkeypatch, django_assert_num_queries
):
    now = [100.0]
    monkeypatch.setattr(away.time, "monotonic", lambda: now[0])
    with failing(LOST):
        visitor.get("/doctors/")
    with django_assert_num_queries(0):
        waiting = [visitor.get(page).status_code for page in ("/doctors/", "/readyz", "/admin/", "/healthz")]
    now[0] += away.PAUSE_S
    trying = away.is_known_to_be_away()
    beside = away.is_known_to_be_away()
    now[0] += away.PAUSE_S
    back = visitor.get("/doctors/").status_code

    assert waiting == [503, 503, 503, 200]
    assert (trying, beside) == (False, True)
    assert (back, away.is_known_to_be_away()) == (200, False)


def test_a_database_that_takes_no_changes_serves_pages_and_says_so_when_something_is_sent(visitor, settings):
    def refuse_changes(execute, sql, params, many, context):
        if not sql.startswith(("SELECT", "SAVEPOINT", "ROLLBACK", "RELEASE")):
            raise READ_ONLY
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse_changes):
        read = visitor.get("/doctors/")
        sent = visitor.post("/accounts/login/", {"login": "asha@example.org", "password": "a long password"})

    assert (read.status_code, sent.status_code) == (200, 503)
    assert not away.is_known_to_be_away()


@pytest.mark.parametrize("error", [LOCKED, OperationalError(1205, "Lock wait timeout exceeded")])
def test_who_waited_too_long_for_somebody_elses_change_is_told_to_send_it_again(visitor, error):
    with failing(error):
        answer = visitor.get("/doctors/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "What you just sent was not kept: send it again." in answer.text
    assert not away.is_known_to_be_away()


@pytest.mark.parametrize(
    ("error", "unreachable", "read_only"),
    [
        (LOST, True, False),
        (READ_ONLY, False, True),
        (OperationalError("unable to open database file"), True, False),
        (OperationalError("attempt to write a readonly database"), False, True),
        (LOCKED, False, False),
        (OperationalError(1213, "Deadlock found"), False, False),
        (ValueError("2013"), False, False),
        (None, False, False),
    ],
)
def test_what_an_error_of_the_database_means(error, unreachable, read_only):
    assert (away.is_unreachable(error), away.is_read_only(error)) == (unreachable, read_only)
