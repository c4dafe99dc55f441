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
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from hms.webhooks.models import Delivery, Endpoint
from hms.webhooks.sending import CLAIM, send_due
from hms.webhooks.services import (
    forget_old,
    rotate_secret,
    secrets_of,
    send_again,
)
from tests.racing import race
from tests.webhooks import receiver as ways
from tests.webhooks.rows import all_due, queued, registered, state_of
from tests.webhooks.test_signing import by_hand

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I04")]


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


def test_an_administrator_sends_again_under_the_same_id_but_not_what_waits(receiver):
    row = queued(registered(receiver.url))
    with pytest.raises(StepRefused):
        send_again(delivery=row, by=SYSTEM)
    send_due()

    send_again(delivery=row, by=SYSTEM)
    send_due()

    assert (state_of(row), receiver.ids) == (("delivered", 1, 200, ""), [row.reference] * 2)


def test_deliveries_are_deleted_after_their_time(settings):
    settings.WEBHOOKS = settings.WEBHOOKS | {"keep_days": 30}
    endpoint, now = registered(), timezone.now()
    old, kept = (queued(endpoint, created_at=now - timedelta(days=days)) for days in (31, 29))

    assert (forget_old(), forget_old(), list(Delivery.objects.all())) == (1, 0, [kept])
    assert old != kept


def test_attempts_leave_nothing_in_the_log_and_secrets_are_masked_there(receiver):
    endpoint = registered(receiver.url)
    queued(endpoint)
    seen = AuditEvent.objects.latest("pk").pk
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
