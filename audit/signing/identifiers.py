"""Keys that are known before the row is written, and stand in the order of time.

63 bits: 41 of milliseconds since 2020, 22 that begin at a random number each millisecond and count up.
So a row's hash can cover its key, no counter has to be locked, and new rows go to the end of the index.
Within a process keys only grow, also when the clock is put back; two processes that hit upon the same
key are told apart by the index, and the later one takes another key (`audit.capture.storage`).
"""

import os
import secrets
import threading
import time
from datetime import UTC, datetime, timedelta

from django.db import models

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
EPOCH_MS = int(EPOCH.timestamp() * 1000)
COUNTER_BITS = 22
# The random start leaves half of the numbers to count in; more than that borrow from the next millisecond.
START_BITS = COUNTER_BITS - 1


class KeySource:
    """Gives keys to all threads of one process."""

    def __init__(self):
        self.lock, self.last = threading.Lock(), 0

    def next(self) -> int:
        lowest = (time.time_ns() // 1_000_000 - EPOCH_MS) << COUNTER_BITS
        with self.lock:
            if self.last < lowest:
                self.last = lowest | secrets.randbits(START_BITS)
            else:
                self.last += 1
            return self.last

    def forget(self) -> None:
        """Begin again: a forked process would go on with its parent's numbers."""
        self.lock, self.last = threading.Lock(), 0


_source = KeySource()
os.register_at_fork(after_in_child=_source.forget)


def new_key() -> int:
    return _source.next()


def key_at(moment: datetime) -> int:
    """The lowest key that a row of this moment can have; 0 before the epoch."""
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
    return max(0, milliseconds << COUNTER_BITS)


def moment_of(key: int) -> datetime:
    """When a key was given; rows from the time when keys were counted up say 2020."""
    return EPOCH + timedelta(milliseconds=key >> COUNTER_BITS)


class TimeOrderedKey(models.BigIntegerField):
    """A primary key of this kind. SQLite keeps rows in the order of a key only if it is an `integer`."""

    def db_type(self, connection):
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)

    def rel_db_type(self, connection):
        return models.BigIntegerField().db_type(connection)
