import os
import threading

import pytest
import time_machine

from hms.core.shared_counts import TRIES, SharedCounts


@pytest.fixture
def counts(standing_clock):
    return SharedCounts(rows=64)


def test_each_name_counts_for_itself_and_begins_again_after_its_minute(counts):
    with time_machine.travel("2026-11-27T10:00:59Z", tick=False) as clock:
        first = [counts.count("a"), counts.count("a"), counts.count("b")]
        clock.shift(1)
        then = counts.count("a")

    assert (first, then) == ([1, 2, 1], 1)


def test_threads_and_processes_count_together(counts):
    def count():
        for _time in range(200):
            counts.count("a")

    children = []
    for _child in range(3):
        if (pid := os.fork()) == 0:
            count()
            os._exit(0)
        children.append(pid)
    threads = [threading.Thread(target=count) for _thread in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ends = [os.waitpid(pid, 0)[1] for pid in children]

    assert (ends, counts.count("a")) == ([0, 0, 0], 6 * 200 + 1)


def test_a_process_that_dies_with_the_lock_keeps_nobody_out(counts):
    if (pid := os.fork()) == 0:
        with counts._alone():
            os._exit(0)
    os.waitpid(pid, 0)

    assert counts.count("a") == 1


def test_without_room_nothing_is_counted_and_no_other_counter_suffers(counts):
    told = [counts.count(f"name {n}") for n in range(64 + TRIES)]

    assert told.count(0) >= TRIES
    assert {n for n in told if n} == {1}
    counts.forget()
    assert counts.count("name 0") == 1
