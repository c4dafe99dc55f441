"""Sending: a faulty message does not stop the rest, two senders send once, and attempts are limited."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from audit.models import AuditEvent
from hms.core.outbox import pause_after
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from hms.notifications.exceptions import TextForgotten
from hms.notifications.models import Notification
from hms.notifications.sending import Unreachable, send_due
from hms.notifications.services import (
    ATTEMPTS,
    forget_texts,
    mark_sent,
    subject_and_body,
    try_again,
)
from hms.notifications.statuses import NotificationStatus
from tests.notifications.rows import HalfServer, no_mail_server, queued
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]

BROKEN = "nobody@example.org\nBcc: all@example.org"  # refused when the message is built


def test_a_due_message_is_sent_once_with_its_own_message_id():
    row = queued()

    outcomes = [send_due(), send_due()]

    (letter,) = mail.outbox
    row.refresh_from_db()
    assert outcomes == [(1, 0), (0, 0)]
    assert (letter.to, letter.subject, letter.extra_headers["Message-ID"]) == (
        ["payer@example.org"], "Your refund is on its way", f"<{row.reference}@demo.example>",
    )  # fmt: skip
    assert (row.status, row.attempts, row.sent_at is None) == (NotificationStatus.SENT, 1, False)


def test_a_message_that_cannot_be_sent_waits_and_does_not_stop_the_rest(caplog):
    broken = queued(recipient=BROKEN)
    queued(to="fine@example.org", key="refund/2")

    outcome = send_due()

    broken.refresh_from_db()
    assert (outcome, [letter.to for letter in mail.outbox]) == ((1, 1), [["fine@example.org"]])
    assert (broken.status, broken.attempts, broken.last_error) == (
        NotificationStatus.WAITING, 1, "BadHeaderError",
    )  # fmt: skip
    assert timedelta(minutes=1) < broken.due_at - timezone.now() <= timedelta(minutes=2)
    assert f"Notification {broken.reference} was not sent: BadHeaderError" in caplog.text
    assert "nobody@" not in caplog.text


def test_the_last_failed_attempt_gives_up_and_an_operator_may_retry():
    row = queued(recipient=BROKEN, attempts=ATTEMPTS - 1)

    send_due()
    row.refresh_from_db()
    given_up = (row.status, row.attempts)
    Notification.objects.filter(pk=row.pk).update(recipient="mended@example.org")
    call_command("send_notifications", retry=True)

    row.refresh_from_db()
    assert given_up == (NotificationStatus.GIVEN_UP, ATTEMPTS)
    assert (row.status, row.attempts, len(mail.outbox)) == (NotificationStatus.SENT, 1, 1)


def test_the_outcome_of_a_message_is_logged_and_single_attempts_are_not():
    row = queued(recipient=BROKEN, attempts=ATTEMPTS - 2)
    seen = AuditEvent.objects.filter(model="notifications.notification").latest("pk").pk

    for _attempt in range(2):
        send_due()
        Notification.objects.filter(pk=row.pk, status=NotificationStatus.WAITING).update(
            due_at=timezone.now()
        )

    entries = AuditEvent.objects.filter(pk__gt=seen)
    assert list(entries.values_list("action", "patient_id", "changes")) == [
        ("update", row.patient_id, {"status": ["waiting", "given_up"]})
    ]


def test_pauses_grow_to_six_hours_and_all_attempts_take_about_a_day():
    pauses = [pause_after(attempts) for attempts in range(1, ATTEMPTS)]

    assert pauses[:3] == [timedelta(minutes=minutes) for minutes in (2, 4, 8)]
    assert (pauses[-1], sum(pauses, timedelta())) == (timedelta(hours=6), timedelta(minutes=1590))


def test_a_server_that_is_down_does_not_count_as_an_attempt(settings):
    row = queued()
    no_mail_server(settings)

    with pytest.raises(Unreachable):
        send_due()

    again = Notification.objects.get(pk=row.pk)
    assert (again.status, again.attempts, again.due_at) == (row.status, 0, row.due_at)
    assert again.last_error == "ConnectionRefusedError"


@pytest.mark.parametrize("recipient", ["payer@example.org", BROKEN])
@pytest.mark.parametrize("attempts", [0, ATTEMPTS - 1])
def test_a_sender_that_is_slower_than_its_claim_continues(settings, caplog, recipient, attempts):
    settings.EMAIL_BACKEND = "tests.notifications.rows.SlowServer"
    row = queued(recipient=recipient, attempts=attempts)

    outcome = send_due()

    row.refresh_from_db()
    assert outcome == ((0, 1) if recipient == BROKEN else (1, 0))
    assert row.status == NotificationStatus.SENT
    assert "left for later" not in caplog.text


def test_a_message_that_breaks_the_sender_does_not_stop_the_rest(settings, caplog):
    settings.EMAIL_BACKEND, HalfServer.calls = "tests.notifications.rows.HalfServer", 0
    bad, _fine = queued(), queued(to="fine@example.org", key="refund/2")

    outcome = send_due()

    assert (outcome, [letter.to for letter in mail.outbox]) == ((1, 1), [["fine@example.org"]])
    assert f"Notification {bad.reference} is left for later: ValueError" in caplog.text
    assert "payer@" not in caplog.text


def test_a_message_claimed_by_another_sender_is_skipped_until_the_claim_expires():
    queued(due_at=timezone.now() + timedelta(minutes=10))

    outcomes = [send_due()]
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        outcomes.append(send_due())

    assert outcomes == [(0, 0), (1, 0)]


def test_a_sent_message_is_not_sent_or_retried():
    row = queued()
    send_due()

    for step in (mark_sent, partial(try_again, by=SYSTEM)):
        with pytest.raises(StepRefused):
            step(notification=row)

    assert len(mail.outbox) == 1


def test_a_message_whose_text_was_deleted_is_not_retried():
    row = queued(status=NotificationStatus.GIVEN_UP, body="")

    with pytest.raises(TextForgotten):
        try_again(notification=row, by=SYSTEM)

    call_command("send_notifications", retry=True)
    row.refresh_from_db()
    assert (row.status, mail.outbox) == (NotificationStatus.GIVEN_UP, [])


def test_a_subject_that_is_too_long_is_cut():
    words = subject_and_body("S" * 201 + "\n\nBody\n")

    assert words == {"subject": "S" * 200, "body": "Body\n"}


def test_the_same_event_is_reported_once():
    assert queued(key="refund/1") == queued(key="refund/1")


def test_texts_are_deleted_after_their_time_and_rows_are_kept(settings):
    settings.NOTIFICATIONS = settings.NOTIFICATIONS | {"keep_text_days": 30}
    row = queued()
    send_due()

    forgotten = []
    for days in (29, 31, 32):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            forgotten.append(forget_texts())

    row.refresh_from_db()
    assert forgotten == [0, 1, 0]
    assert (row.subject, row.body, row.status) == ("", "", NotificationStatus.SENT)


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_senders_send_each_message_once():
    for n in range(12):
        queued(to=f"person{n}@example.org", key=f"refund/{n}")

    ends = race(*[lambda: str(send_due()[1])] * 6)

    assert ends == {"0": 6}
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        f"person{n}@example.org" for n in range(12)
    )
    assert set(Notification.objects.values_list("status", "attempts")) == {("sent", 1)}
