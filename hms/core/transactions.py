"""Retries a whole transaction, a limited number of times, when the database aborts it for another one."""

import functools
import random
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from copy import copy
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Model

ATTEMPTS = 8
LONGEST_PAUSE_S = 0.4
# MySQL/MariaDB: deadlock (also what another node of a cluster wrote, known at the commit),
# and 1020, "record has changed since last read", which MariaDB 10.6.18+ may raise under a lock.
LOST_TO_ANOTHER = {1213, 1020}
LOCK_WAIT = 1205
LOCKED_SQLITE = "database is locked"

# Context managers entered for each service, inside its transaction, with its `by`. The log uses them to
# learn who acts and to collect the entries of the service.
around_services: list[Callable[[Any], AbstractContextManager]] = []

P = ParamSpec("P")
R = TypeVar("R")


def retried_atomic(service: Callable[P, R]) -> Callable[P, R]:
    """Run a service in a transaction; retry it when the database aborts it for another one.

    Raised at once: a refusal (`ValidationError`), a violated constraint, and a wait for a lock of more than
    `DATABASE_LOCK_WAIT_SECONDS`. Each attempt finds the rows it was given as they were at first. Inside
    another transaction the service is a savepoint, and the outermost service is retried.
    """

    @functools.wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        attempts = 1 if transaction.get_connection().in_atomic_block else ATTEMPTS
        give_up_at = time.monotonic() + settings.DATABASE_LOCK_WAIT_SECONDS
        put_back = _remember([*args, *kwargs.values()]) if attempts > 1 else None
        for attempt in range(1, attempts + 1):
            try:
                with transaction.atomic(), ExitStack() as blocks:
                    for block in around_services:
                        blocks.enter_context(block(kwargs.get("by")))
                    return service(*args, **kwargs)
            except OperationalError as error:
                waited = is_locked(error) and time.monotonic() >= give_up_at
                if attempt == attempts or waited or not is_lost(error):
                    raise
                put_back()
                time.sleep(random.uniform(0, min(LONGEST_PAUSE_S, 0.01 * 2**attempt)))  # noqa: S311
        raise AssertionError("unreachable")

    return run


def _remember(values: Iterable[Any]) -> Callable[[], None]:
    """Keep what the rows among the values say; what is returned restores it.

    A row that an aborted transaction has inserted would otherwise keep a key that no row has.
    """
    kept = [(row, _said(row)) for row in values if isinstance(row, Model)]

    def put_back() -> None:
        for row, said in kept:
            row.__dict__.clear()
            row.__dict__.update(said)

    return put_back


def _said(row: Model) -> dict[str, Any]:
    state = copy(row._state)
    state.fields_cache = dict(state.fields_cache)
    return {**row.__dict__, "_state": state}


def is_lost(error: OperationalError) -> bool:
    """Whether the database aborted this transaction in favour of another one."""
    return is_locked(error) or _code(error) in LOST_TO_ANOTHER


def is_locked(error: OperationalError) -> bool:
    """Whether this transaction gave up waiting for another one."""
    return _code(error) == LOCK_WAIT or LOCKED_SQLITE in str(error)


def _code(error: OperationalError) -> int | None:
    return error.args[0] if error.args else None
