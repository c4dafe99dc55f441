"""Payments whose message never came: the gateway is asked, and its answer counts like the message."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.models import AuditEvent
from billing.gateways import GATEWAYS, PracticeBank
from billing.gateways.simulated import Outcome, decide
from billing.jobs import ask
from billing.models import GatewayEvent, Payment, Receipt, SimulatedDelivery
from billing.services.asking import LONGEST_PAUSE, MOST_AT_ONCE, MOST_FAILURES, ask_gateways, pause_after
from billing.services.gateway_messages import deliver
from hms.core.jobs import jobs
from tests.billing.rows import Scene, held, later, started, status_of
from tests.factories import at
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B05")]


def lost(scene: Scene, outcome: Outcome = Outcome.PAID) -> Payment:
    """A payment that the bank has decided and whose message was lost on its way."""
    payment = started(scene)
    decide(payment, outcome)
    SimulatedDelivery.objects.update(delivered_at=timezone.now())
    return payment


@pytest.mark.parametrize(
    ("outcome", "paid", "visit"),
    [
        (Outcome.PAID, "captured", "booked"),
        (Outcome.DECLINED, "failed", "held"),
    ],
)
def test_a_payment_whose_message_never_came_ends_as_the_gateway_says(outcome, paid, visit):
    scene = held()
    payment = lost(scene, outcome)

    with later(minutes=3):
        said = ask()

    assert (status_of(payment), status_of(scene)) == (paid, visit)
    assert said == "1 payments ended by asking, 0 questions failed"


def test_a_message_that_comes_after_the_answer_changes_nothing():
    payment = lost(held())
    with later(minutes=3):
        ask_gateways()

        assert deliver(SimulatedDelivery.objects.get()) == "duplicate"

    assert (status_of(payment), Receipt.objects.count(), GatewayEvent.objects.count()) == ("captured", 1, 1)


def test_a_payment_is_not_asked_about_before_its_message_would_have_come():
    payment = lost(held())

    with later(minutes=1):
        assert ask_gateways() == (0, 0)

    assert (status_of(payment), Payment.objects.get().asked_times) == ("created", 0)


def test_a_payment_that_the_gateway_has_not_ended_is_asked_about_less_and_less_often():
    payment = started(held())
    begun, asked = timezone.now(), []

    with time_machine.travel(begun, tick=False) as clock:
        for minute in range(60):
            clock.move_to(begun + timedelta(minutes=minute))
            before = Payment.objects.get().asked_times
            ask_gateways()
            if Payment.objects.get().asked_times > before:
                asked.append(minute)

    assert (status_of(payment), asked) == ("created", [2, 6, 14, 30])
    assert [pause_after(times) for times in (0, 1, 50)] == [
        timedelta(minutes=4), timedelta(minutes=8), LONGEST_PAUSE,
    ]  # fmt: skip


def test_money_that_is_to_arrive_late_is_not_known_before_it_arrives():
    payment = started(held())
    decide(payment, Outcome.LATE)

    with later(minutes=3):
        asked = ask_gateways()

    assert (asked, status_of(payment)) == ((0, 0), "created")


class Broken(PracticeBank):
    """Answers about no payment except the last one."""

    fails_for: set[str] = set()
    asked: list[str] = []

    def status_of(self, payment):
        self.asked.append(payment.reference)
        if payment.reference in self.fails_for:
            raise TimeoutError("no answer from bank.example")
        return super().status_of(payment)


@pytest.fixture
def broken(monkeypatch):
    bank = Broken()
    bank.fails_for, bank.asked = set(), []
    monkeypatch.setitem(GATEWAYS, "simulated", bank)
    return bank


def several(count: int) -> list[Payment]:
    return [lost(held(at(9 + number // 2, 30 * (number % 2)))) for number in range(count)]


def test_a_question_that_fails_is_asked_again_later_and_stops_no_other(broken, caplog):
    payments = several(2)
    broken.fails_for = {payments[0].reference}

    with later(minutes=3):
        first = ask_gateways()
        broken.fails_for = set()
        at_once = ask_gateways()
    with later(minutes=8):
        again = ask_gateways()

    assert (first, at_once, again) == ((1, 1), (0, 0), (1, 0))
    assert [status_of(payment) for payment in payments] == ["captured", "captured"]
    assert f"The gateway said nothing about payment {payments[0].reference}" in caplog.text


def test_a_gateway_that_does_not_answer_is_left_alone_after_a_few_questions(broken):
    payments = several(MOST_FAILURES + 2)
    broken.fails_for = {payment.reference for payment in payments}

    with later(minutes=3):
        asked = ask_gateways()

    assert (asked, len(broken.asked)) == ((0, MOST_FAILURES), MOST_FAILURES)


def test_a_gateway_that_does_not_answer_stops_no_other(broken, monkeypatch):
    monkeypatch.setattr("billing.services.asking.MOST_AT_ONCE", MOST_FAILURES + 1)
    *silent, answered = several(MOST_FAILURES + 2)
    broken.fails_for = {payment.reference for payment in silent}
    monkeypatch.setitem(GATEWAYS, "desk", broken)
    Payment.objects.filter(pk__in=[payment.pk for payment in silent]).update(gateway="desk")

    with later(minutes=3):
        asked = ask_gateways()

    assert (asked, status_of(answered)) == ((1, MOST_FAILURES), "captured")


def test_one_round_is_bounded(monkeypatch, broken):
    monkeypatch.setattr("billing.services.asking.MOST_AT_ONCE", 2)
    several(3)

    with later(minutes=3):
        rounds = [ask_gateways() for _round in range(3)]

    assert (rounds, MOST_AT_ONCE) == ([(2, 0), (1, 0), (0, 0)], 50)


def test_questions_are_no_entries_of_the_log_and_the_outcome_is():
    payment = lost(held())
    seen = AuditEvent.objects.latest("pk").pk

    with later(minutes=3):
        ask_gateways()

    entries = AuditEvent.objects.filter(pk__gt=seen, model="billing.payment", object_pk=str(payment.pk))
    assert [entry.changes["status"] for entry in entries] == [["created", "captured"]]


def test_the_worker_asks_every_minute():
    assert (jobs["ask-gateways"].every, jobs["ask-gateways"].run) == (timedelta(minutes=1), ask)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_once_and_settle_once(broken):
    payment = lost(held())

    with later(minutes=3):
        race(ask_gateways, ask_gateways)

    assert (broken.asked, status_of(payment), Receipt.objects.count()) == ([payment.reference], "captured", 1)
