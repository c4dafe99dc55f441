"""Addresses that take nothing: left alone for a while, for longer, and after a day disabled."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from hms.core.outbox import pause_after
from hms.core.rights import SYSTEM
from hms.notifications.models import Notification
from hms.webhooks.models import Endpoint
from hms.webhooks.sending import send_due
from hms.webhooks.services import disable_endpoint, enable_endpoint, rotate_secret, save_endpoint, send_test
from hms.webhooks.services.deliveries import FAILURES_BEFORE_REST, LONGEST_REST, rest_after
from tests.factories import UserFactory, staff
from tests.webhooks import receiver as ways
from tests.webhooks.rows import all_due, queued, registered, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I04")]


def test_pauses_rests_and_their_limits():
    now = timezone.now()
    pauses = [rest_after(failures, now, now) for failures in (2, FAILURES_BEFORE_REST, 4, 50)]

    assert pauses == [None, now + timedelta(minutes=1), now + timedelta(minutes=2), now + LONGEST_REST]
    assert rest_after(50, now - timedelta(hours=23, minutes=59), now) == now + timedelta(minutes=1)
    assert pause_after(10**6) == timedelta(hours=6)


@pytest.mark.parametrize(("asked", "minutes"), [("1800", 30), ("1", 2), ("99999", 60), ("soon", 2)])
def test_a_receiver_is_asked_again_when_it_wants_to_be_within_an_hour(receiver, asked, minutes):
    receiver.answer = ways.status(429, **{"Retry-After": asked})
    endpoint, begun = registered(receiver.url), timezone.now()
    with time_machine.travel(begun, tick=False):
        row, other = queued(endpoint), queued(endpoint, due_at=begun + timedelta(seconds=1))
        send_due()
    with time_machine.travel(begun + timedelta(seconds=5), tick=False):
        outcome = send_due()

    row.refresh_from_db()
    assert row.due_at == begun + timedelta(minutes=minutes)
    assert (outcome, state_of(other)[1]) == (((0, 0), 0) if minutes > 2 else ((0, 1), 1))


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
        while endpoint.status == "active" and len(receiver.taken) < 20:
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
        while state_of(row)[0] == "waiting" and row.attempts < 20:
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


def test_a_new_address_is_asked_at_once(receiver):
    endpoint = registered(receiver.url)
    Endpoint.objects.update(failures=9, rests_until=timezone.now() + timedelta(hours=1))
    queued(endpoint)
    endpoint.url = f"http://127.0.0.1:{receiver.port}/new"
    save_endpoint(endpoint=endpoint, by=SYSTEM)

    assert (send_due(), [path for path, *_rest in receiver.taken]) == ((1, 0), ["/new"])


def test_a_secret_that_cannot_be_read_stops_no_other_and_a_new_one_mends_it(receiver, settings):
    endpoint = registered(receiver.url)
    row = queued(endpoint)
    settings.SECRET_KEY = "lost-" * 12
    fine = queued(registered(receiver.url, name="Kiosk"))

    outcomes = [send_due()]
    unreadable = state_of(row)
    rotate_secret(endpoint=endpoint, by=SYSTEM)
    all_due()
    outcomes.append(send_due())

    assert (outcomes, unreadable) == ([(1, 1), (1, 0)], ("waiting", 1, None, "SecretUnreadable"))
    assert receiver.ids == [fine.reference, row.reference]
