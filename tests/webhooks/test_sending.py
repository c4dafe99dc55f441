"""Sending to a real receiver: once, again, in spite of others, and no longer after a day."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings as project
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from audit.models import AuditEvent
from hms.core.outbox import pause_after
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from hms.notifications.models import Notification
from hms.webhooks.models import Delivery, Endpoint
from hms.webhooks.sending import CLAIM, send_due
from hms.webhooks.services import (
    disable_endpoint,
    enable_endpoint,
    forget_old,
    rotate_secret,
    save_endpoint,
    secrets_of,
    send_again,
    send_test,
)
from hms.webhooks.services.deliveries import FAILURES_BEFORE_REST, LONGEST_REST, rest_after
from tests.factories import UserFactory, staff
from tests.racing import race
from tests.webhooks import receiver as ways
from tests.webhooks.rows import all_due, queued, registered
from tests.webhooks.test_signing import by_hand

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I04")]


def state_of(row: Delivery) -> tuple:
    row.refresh_from_db()
    return row.status, row.attempts, row.answer, row.error


def test_what_is_due_is_sent_once_signed_and_exactly_as_it_was_queued(receiver):
    endpoint = registered(receiver.url)
    row = queued(endpoint)

    outcomes = [send_due(), send_due()]

    [(_path, headers, body)] = receiver.taken
    endpoint.refresh_from_db()
    assert outcomes == [(1, 0), (0, 0)]
    assert (headers["webhook-id"], body.decode()) == (row.reference, row.body)
    assert headers["webhook-signature"] == by_hand(secrets_of(endpoint)[0], headers, body)
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    assert state_of(row) == ("delivered", 1, 200, "")
    assert (endpoint.last_success_at is None, endpoint.failing_since) == (False, None)


def test_both_secrets_sign_after_a_rotation(receiver):
    endpoint = registered(receiver.url)
    queued(endpoint)
    rotate_secret(endpoint=endpoint, by=SYSTEM)

    send_due()

    [(_path, headers, body)] = receiver.taken
    endpoint.refresh_from_db()
    both = [by_hand(secret, headers, body) for secret in secrets_of(endpoint)]
    assert (headers["webhook-signature"].split(), len(both)) == (both, 2)


@pytest.mark.parametrize("code", [302, 404, 500])
def test_what_is_not_accepted_is_tried_again_after_a_pause(receiver, caplog, code):
    receiver.answer = ways.status(code, Location=receiver.url)
    endpoint = registered(receiver.url)
    row = queued(endpoint)

    outcomes = [send_due(), send_due()]
    failed = state_of(row)
    pause = row.due_at - timezone.now()
    receiver.answer = ways.status(200)
    all_due()
    outcomes.append(send_due())

    assert outcomes == [(0, 1), (0, 0), (1, 0)]
    assert failed == ("waiting", 1, code, "")
    assert timedelta(minutes=1, seconds=50) < pause <= timedelta(minutes=2)
    assert (state_of(row), receiver.ids) == (("delivered", 2, 200, ""), [row.reference] * 2)
    assert f"Webhook {endpoint.reference} did not take delivery {row.reference}: {code}" in caplog.text
    assert_no_secrets(caplog.text, endpoint)


def assert_no_secrets(text: str, endpoint: Endpoint) -> None:
    """Neither secrets nor the address, which may hold a password of the receiver."""
    assert [
        part for part in (*secrets_of(endpoint), endpoint.secret, "/hook", "whsec_") if part in text
    ] == []


def test_pauses_rests_and_their_limits():
    now = timezone.now()
    pauses = [rest_after(failures, now, now) for failures in (2, FAILURES_BEFORE_REST, 4, 50)]

    assert pauses == [None, now + timedelta(minutes=1), now + timedelta(minutes=2), now + LONGEST_REST]
    assert rest_after(50, now - timedelta(hours=23, minutes=59), now) == now + timedelta(minutes=1)
    assert pause_after(10**6) == timedelta(hours=6)


def test_a_receiver_that_takes_nothing_rests_and_holds_up_no_other(receiver):
    receiver.answer = lambda talk: ways.status(200 if "fine" in talk.path else 500)(talk)
    bad = registered(receiver.url)
    good = registered(f"http://127.0.0.1:{receiver.port}/fine", name="Kiosk")
    for _delivery in range(6):
        queued(bad)
    fine = queued(good)

    outcome = send_due()

    bad.refresh_from_db()
    assert (outcome, state_of(fine)[0]) == ((1, FAILURES_BEFORE_REST), "delivered")
    assert (bad.failures, bad.rests_until > timezone.now()) == (FAILURES_BEFORE_REST, True)
    receiver.answer = ways.status(200)
    all_due()
    assert send_due() == (6, 0)


def test_a_day_of_failures_disables_and_tells_the_administrators(receiver):
    receiver.answer = ways.status(500)
    admin, chief = staff("administrator"), UserFactory(is_staff=True, is_superuser=True)
    staff("receptionist")
    endpoint, begun = registered(receiver.url), timezone.now()
    with time_machine.travel(begun, tick=False) as clock:
        row, other = queued(endpoint), queued(endpoint, due_at=begun + timedelta(hours=30))
        while endpoint.status == "active":
            send_due()
            endpoint.refresh_from_db()
            row.refresh_from_db()
            if row.status == "waiting":
                clock.move_to(max(row.due_at, endpoint.rests_until or row.due_at))
        ended = timezone.now()
        outcome = send_due()

    assert (ended - begun, outcome, len(receiver.taken)) == (timedelta(days=1), (0, 0), state_of(row)[1])
    assert (endpoint.disabled_because, state_of(row)[0], state_of(other)[0]) == (
        "failed_for_a_day", "given_up", "waiting",
    )  # fmt: skip
    assert 10 <= len(receiver.taken) <= 14
    letters = Notification.objects.filter(kind="webhook_disabled")
    assert {letter.recipient for letter in letters} == {admin.email, chief.email}
    assert "Nothing more is sent to “Clinic”: nothing was accepted for a day." in letters[0].body
    assert "127.0.0.1" not in letters[0].body


def test_one_delivery_that_is_never_taken_does_not_disable_what_takes_the_others(receiver):
    poison = {}
    receiver.answer = lambda talk: ways.status(500 if talk.headers["webhook-id"] in poison else 200)(talk)
    endpoint, begun = registered(receiver.url), timezone.now()
    row = queued(endpoint)
    poison[row.reference] = True
    with time_machine.travel(begun, tick=False) as clock:
        while state_of(row)[0] == "waiting":
            queued(endpoint)
            send_due()
            clock.shift(timedelta(hours=1))

    endpoint.refresh_from_db()
    assert (state_of(row)[0], endpoint.status) == ("given_up", "active")
    assert not Notification.objects.exists()


def test_a_receiver_that_says_gone_is_disabled_at_once(receiver):
    receiver.answer = ways.status(410)
    staff("administrator")
    endpoint = registered(receiver.url)
    rows = [queued(endpoint), queued(endpoint)]

    outcome = send_due()

    endpoint.refresh_from_db()
    assert (outcome, endpoint.status, endpoint.disabled_because) == ((0, 1), "disabled", "gone")
    assert [state_of(row)[0] for row in rows] == ["given_up", "waiting"]
    assert Notification.objects.filter(kind="webhook_disabled").count() == 1


def test_what_waited_is_sent_when_an_address_is_enabled_again_and_tests_even_before(receiver):
    endpoint = registered(receiver.url)
    row = queued(endpoint, attempts=9, tried_since=timezone.now() - timedelta(days=2))
    disable_endpoint(endpoint=endpoint, by=SYSTEM)

    outcomes = [send_due()]
    send_test(endpoint=endpoint, by=SYSTEM)
    outcomes.append(send_due())
    enable_endpoint(endpoint=endpoint, by=SYSTEM)
    outcomes.append(send_due())

    assert (outcomes, state_of(row)) == ([(0, 0), (1, 0), (1, 0)], ("delivered", 1, 200, ""))


def test_an_administrator_sends_again_under_the_same_id_but_not_what_waits(receiver):
    row = queued(registered(receiver.url))
    with pytest.raises(StepRefused):
        send_again(delivery=row, by=SYSTEM)
    send_due()

    send_again(delivery=row, by=SYSTEM)
    send_due()

    assert (state_of(row), receiver.ids) == (("delivered", 1, 200, ""), [row.reference] * 2)


def test_a_new_address_is_asked_at_once(receiver):
    endpoint = registered(receiver.url)
    Endpoint.objects.update(failures=9, rests_until=timezone.now() + timedelta(hours=1))
    queued(endpoint)
    endpoint.url = f"http://127.0.0.1:{receiver.port}/new"
    save_endpoint(endpoint=endpoint, by=SYSTEM)

    assert (send_due(), [path for path, *_rest in receiver.taken]) == ((1, 0), ["/new"])


def test_deliveries_are_deleted_after_their_time(settings):
    settings.WEBHOOKS = settings.WEBHOOKS | {"keep_days": 30}
    endpoint, now = registered(), timezone.now()
    old, kept = (queued(endpoint, created_at=now - timedelta(days=days)) for days in (31, 29))

    assert (forget_old(), forget_old(), list(Delivery.objects.all())) == (1, 0, [kept])
    assert old != kept


def test_attempts_leave_nothing_in_the_log_and_secrets_are_masked_there(receiver):
    endpoint = registered(receiver.url)
    seen = AuditEvent.objects.latest("pk").pk
    queued(endpoint)
    send_due()
    rotate_secret(endpoint=endpoint, by=SYSTEM)

    [entry] = AuditEvent.objects.filter(pk__gt=seen)
    endpoint.refresh_from_db()
    assert (entry.model, entry.action) == ("webhooks.endpoint", "update")
    assert set(entry.changes) == {"secret", "old_secret", "old_secret_until"}
    every = "".join(str(event.changes) for event in AuditEvent.objects.filter(model="webhooks.endpoint"))
    assert [secret for secret in (endpoint.secret, endpoint.old_secret) if secret in every] == []


def test_the_command_says_what_it_did(receiver):
    queued(registered(receiver.url))
    out = StringIO()

    call_command("send_webhooks", stdout=out)
    call_command("send_webhooks", stdout=out)

    assert out.getvalue() == "1 accepted, 0 failed.\n"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_before_the_answer_is_followed_by_another_with_the_same_id(receiver):
    receiver.answer = ways.hangs
    row = queued(registered(receiver.url))
    sender = subprocess.Popen(
        [sys.executable, "-m", "django", "send_webhooks", "--settings=tests.settings"],
        env=os.environ | {"DATABASE_URL": url_of_test_database(), "WEBHOOKS_ALLOW_INSIDE": "True"},
        cwd=project.BASE_DIR,
    )
    assert receiver.came.wait(60)
    os.kill(sender.pid, signal.SIGKILL)
    sender.wait()
    receiver.answer = ways.status(200)

    at_once = send_due()
    with time_machine.travel(timezone.now() + CLAIM):
        later = send_due()

    assert (at_once, later, receiver.ids) == ((0, 0), (1, 0), [row.reference] * 2)
    assert state_of(row) == ("delivered", 2, 200, "")


def url_of_test_database() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_senders_send_each_delivery_once(receiver):
    endpoint = registered(receiver.url)
    rows = [queued(endpoint) for _delivery in range(12)]

    ends = race(*[lambda: str(send_due()[1])] * 6)

    assert ends == {"0": 6}
    assert sorted(receiver.ids) == sorted(row.reference for row in rows)
    assert set(Delivery.objects.values_list("status", "attempts")) == {("delivered", 1)}
