"""A clock that ran ahead once while the log was sealed spoils neither the seals nor the checks after it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from audit.capture.recorder import Entry, Subject, write
from audit.evidence.seals import seal_log, take_in
from audit.exceptions import SealIsInFuture
from audit.models import Action, AuditEvent, AuditSeal
from audit.signing.identifiers import KeySource
from hms.core.jobs import jobs
from hms.jobs.running import run_claimed

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U04")]

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
AHEAD, DAY, HOUR = timedelta(days=3), timedelta(days=1), timedelta(hours=1)
WHY = "The battery of the clock was empty"


def written(number: int = 2) -> list[int]:
    return [event.pk for event in write(Entry(Action.READ, Subject(pk=n)) for n in range(number))]


@pytest.fixture
def clock():
    """A clock that stands; the keys of one process only grow, so honest entries come from a new one."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def new_process(monkeypatch):
    def start():
        monkeypatch.setattr("audit.signing.identifiers._source", KeySource())

    return start


@pytest.fixture
def ran_ahead(clock, new_process) -> AuditSeal:
    """On Monday a clock showed Thursday while the log was sealed; it was set right at once."""
    new_process()
    written()
    seal_log()
    clock.move_to(MONDAY + AHEAD)
    written()
    seal_log()
    clock.move_to(MONDAY + HOUR)
    new_process()
    return AuditSeal.objects.last()


def test_only_the_seal_is_named_and_honest_entries_are_no_intruders(ran_ahead, clock, findings):
    written()
    clock.move_to(MONDAY + 2 * DAY)
    written()

    assert findings() == [{"kind": "future_seal", "seal": ran_ahead.number}]


def test_nothing_is_sealed_past_a_seal_in_the_future(ran_ahead):
    written()

    with pytest.raises(SealIsInFuture, match=f"Seal {ran_ahead.number} .*04 Mar 2027"):
        seal_log()
    with pytest.raises(CommandError, match="--take-in"):
        call_command("seal_audit", no_progress=True)
    said = run_claimed(jobs["seal-audit"])

    assert said == "SealIsInFuture"
    assert AuditSeal.objects.last() == ran_ahead


def test_what_was_written_meanwhile_is_taken_in_with_a_reason(ran_ahead, clock, findings):
    honest = written()
    clock.move_to(MONDAY + 2 * DAY)
    honest += written()

    call_command("seal_audit", take_in=WHY, no_progress=True)

    seal, event = AuditSeal.objects.last(), AuditEvent.objects.get(reason=WHY)
    assert seal.covered() == [*honest, event.pk]
    assert (event.action, event.model, event.object_pk, event.details) == (
        "settings_change", "audit.auditseal", str(ran_ahead.number),
        {"what": "taken in", "entries": 4, "first": honest[0], "last": honest[-1]},
    )  # fmt: skip
    assert findings() == []
    clock.move_to(MONDAY + 2 * DAY + HOUR)
    written()
    assert seal_log().entries == 2
    assert findings() == []


def test_who_noticed_it_when_the_time_had_come_takes_in_what_is_named(ran_ahead, clock, findings):
    honest = written()
    clock.move_to(MONDAY + AHEAD + HOUR)
    seal_log()
    before = findings()

    done = take_in(reason=WHY)

    assert before == [{"kind": "unsealed_entry", "entry": key} for key in honest]
    assert (done.entries, done.forged) == (3, [])
    assert findings() == []


def test_what_somebody_put_in_without_the_key_is_never_taken_in(ran_ahead, findings):
    (planted,) = AuditEvent.objects.bulk_create([AuditEvent(action="read", source="page", mac="a" * 64)])

    done = take_in(reason=WHY)

    assert (done.entries, done.forged) == (1, [planted.pk])
    assert findings() == [{"kind": "forged_entry", "entry": planted.pk}]


def test_a_reason_for_one_seal_that_somebody_forges_excuses_nothing(ran_ahead, findings):
    forged = AuditEvent(
        action="settings_change", model="audit.auditseal", object_pk=str(ran_ahead.number),
        source="command", reason=WHY, mac="a" * 64,
    )  # fmt: skip
    AuditEvent.objects.bulk_create([forged])

    assert {one["kind"] for one in findings()} == {"future_seal", "forged_entry"}


def test_clocks_of_two_machines_may_differ_by_minutes(clock, findings):
    clock.move_to(MONDAY + timedelta(minutes=4))
    written()
    seal_log()
    clock.move_to(MONDAY)
    written()

    assert seal_log().entries == 2
    assert findings() == []


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_taken_in(ran_ahead, reason):
    with pytest.raises(CommandError, match="reason"):
        call_command("seal_audit", take_in=reason, no_progress=True)
