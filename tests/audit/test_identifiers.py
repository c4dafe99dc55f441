"""Keys grow with time, in one process and under threads; a taken key is replaced by another."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from audit.capture.recorder import Entry, Subject, record_event, write
from audit.models import Action
from audit.signing import identifiers
from audit.signing.identifiers import KeySource, key_at, moment_of, new_key

pytestmark = pytest.mark.feature("U04")


def test_a_key_says_when_it_was_given():
    before = datetime.now(UTC) - timedelta(milliseconds=1)

    key = new_key()

    assert before <= moment_of(key) <= datetime.now(UTC)
    assert key_at(moment_of(key)) <= key < key_at(moment_of(key) + timedelta(milliseconds=1))
    assert key_at(datetime(2089, 1, 1, tzinfo=UTC)) < 2**63
    assert key_at(datetime(2019, 1, 1, tzinfo=UTC)) == 0


def test_threads_get_different_growing_keys():
    source = KeySource()

    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: [source.next() for _ in range(20_000)], range(4)))

    assert all(run == sorted(run) for run in runs)
    assert len(set().union(*runs)) == 80_000


def test_keys_grow_when_the_clock_is_put_back(monkeypatch):
    source = KeySource()
    first = source.next()
    monkeypatch.setattr(identifiers.time, "time_ns", lambda: time.monotonic_ns())

    assert source.next() == first + 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_does_not_go_on_with_its_parents_numbers(monkeypatch):
    now = time.time_ns()
    monkeypatch.setattr(identifiers.time, "time_ns", lambda: now)
    source = KeySource()
    first = source.next()

    source.forget()

    assert source.next() != first + 1


@pytest.mark.django_db
def test_a_key_that_another_process_took_is_given_up(log, monkeypatch):
    taken = record_event(Action.READ)
    keys = iter([taken.pk + 1, taken.pk, taken.pk + 2, taken.pk + 3])
    for place in ("audit.capture.recorder.new_key", "audit.capture.storage.new_key"):
        monkeypatch.setattr(place, lambda: next(keys))
    log.forget()

    write([Entry(Action.PRINT, Subject(name=str(number))) for number in range(3)])

    assert sorted(event.object_repr for event in log.events()) == ["0", "1", "2"]
