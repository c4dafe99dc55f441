"""Whether the database is away or busy: pages then say so at once, instead of each waiting for it again.

One request of a process tries again every few seconds; while it waits, the others are answered without it.
"""

import threading
import time

from django.conf import settings
from django.db import InterfaceError, OperationalError

from hms.core.transactions import LOCK_WAIT, LOCKED_SQLITE, LOST_TO_ANOTHER

PAUSE_S = 2.0
# MySQL/MariaDB: no connection, lost connection, gone away, too many connections, shutting down, and a
# node that has lost its cluster.
UNREACHABLE = {2002, 2003, 2005, 2006, 2013, 2055, 1040, 1053, 1927, 1047}
READ_ONLY = {1290, 1792, 1836}
UNREACHABLE_SQLITE = ("unable to open database file", "disk I/O error")
READ_ONLY_SQLITE = ("readonly database",)
# Others held the same rows for longer than a change waits, or won each time.
BUSY = {LOCK_WAIT, *LOST_TO_ANOTHER}
BUSY_SQLITE = (LOCKED_SQLITE,)

_lock = threading.Lock()
_closed_until = 0.0


def is_unreachable(error: BaseException | None) -> bool:
    return _is(error, UNREACHABLE, UNREACHABLE_SQLITE)


def is_read_only(error: BaseException | None) -> bool:
    return _is(error, READ_ONLY, READ_ONLY_SQLITE)


def is_busy(error: BaseException | None) -> bool:
    return _is(error, BUSY, BUSY_SQLITE)


def _is(error: BaseException | None, codes: set[int], words: tuple[str, ...]) -> bool:
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            code = error.args[0] if error.args else None
            if code in codes or any(each in str(error) for each in words):
                return True
        error = error.__cause__ or error.__context__
    return False


def note_away() -> None:
    global _closed_until
    with _lock:
        _closed_until = time.monotonic() + PAUSE_S


def note_back() -> None:
    global _closed_until
    if _closed_until:
        with _lock:
            _closed_until = 0.0


def is_known_to_be_away() -> bool:
    """Whether to answer without the database; the first request after the pause is told to try it."""
    global _closed_until
    if not _closed_until:
        return False
    with _lock:
        now = time.monotonic()
        if now < _closed_until:
            return True
        _closed_until = now + max(PAUSE_S, settings.DATABASE_TIMEOUT_SECONDS)
        return False
