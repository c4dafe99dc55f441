"""Primary keys that are assigned before a row is written, in order of time.

63 bits: 41 of milliseconds since 2020, and 22 that count up from a random number each millisecond. So a row's
hash can cover its key, no counter is locked, and new rows go to the end of the index. Within a process keys
only grow, even if the clock is set back. If two processes choose the same key, the index refuses the later
row, which takes another key (`audit.capture.storage`).
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
# The random start leaves half of the range; beyond it, keys borrow from the next millisecond.
START_BITS = COUNTER_BITS - 1


class KeySource:
    """Assigns keys to all threads of one process."""

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
        """Start over, because a forked process would continue its parent's numbers."""
        self.lock, self.last = threading.Lock(), 0


_source = KeySource()
os.register_at_fork(after_in_child=_source.forget)


def new_key() -> int:
    return _source.next()


def key_at(moment: datetime) -> int:
    """The lowest key of this moment; 0 before the epoch."""
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
    return max(0, milliseconds << COUNTER_BITS)


def moment_of(key: int) -> datetime:
    """When a key was assigned; keys from a plain counter, as there once were, give 2020."""
    return EPOCH + timedelta(milliseconds=key >> COUNTER_BITS)


class TimeOrderedKey(models.BigIntegerField):
    """The column type of such a key; SQLite orders rows by key only if its type is `integer`."""

    def db_type(self, connection):
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)

    def rel_db_type(self, connection):
        return models.BigIntegerField().db_type(connection)
