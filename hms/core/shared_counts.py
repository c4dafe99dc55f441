"""Counters of a minute, in memory that all processes of a server share.

The memory is a file without a name. Whoever opens it before it forks (gunicorn.conf.py does) counts together
with its children; otherwise each process counts by itself.
"""

import fcntl
import mmap
import os
import secrets
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b

ROWS, WINDOW_S = 1 << 16, 60
# Where a counter is looked for, from its own place on. If all are taken nothing is counted.
TRIES = 16
ROW = struct.Struct("<QQQ")  # whose, when its minute ends, how many


class SharedCounts:
    def __init__(self, rows: int = ROWS):
        self.rows = rows
        with tempfile.TemporaryFile() as file:
            file.truncate(rows * ROW.size)
            self.file = os.dup(file.fileno())
        self.memory = mmap.mmap(self.file, rows * ROW.size)
        self.key = secrets.token_bytes(16)
        self.threads = threading.Lock()

    def count(self, name: str) -> int:
        """Count once more; how often in this minute, or 0 if there is no room."""
        now = int(time.time())
        ends = now - now % WINDOW_S + WINDOW_S
        whose = int.from_bytes(blake2b(name.encode(), digest_size=8, key=self.key).digest(), "little")
        with self._alone():
            for place in range(whose, whose + TRIES):
                offset = place % self.rows * ROW.size
                owner, until, number = ROW.unpack_from(self.memory, offset)
                if until <= now or (owner, until) == (whose, ends):
                    number = 1 if until <= now else number + 1
                    ROW.pack_into(self.memory, offset, whose, ends, number)
                    return number
        return 0

    def forget(self) -> None:
        with self._alone():
            self.memory[:] = bytes(len(self.memory))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Locks of files are between processes, and end with a process that is killed."""
        with self.threads:
            fcntl.lockf(self.file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN)


@cache
def shared_counts() -> SharedCounts:
    return SharedCounts()
