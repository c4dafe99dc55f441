"""A transaction that loses to another one is run again, whole, a bounded number of times."""

import functools
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, transaction

ATTEMPTS = 8
LONGEST_PAUSE_S = 0.4
# MySQL/MariaDB: lock wait timeout, deadlock (also a certification failure on a Galera cluster),
# and 1020, "record has changed since last read", which MariaDB 10.6.18+ may raise under a lock.
LOST_TO_ANOTHER = {1205, 1213, 1020}

# Blocks that stand around each service, inside its transaction, and are given its `by`: the log takes from
# it who acts, and gathers the service's lines.
around_services: list[Callable[[Any], AbstractContextManager]] = []

P = ParamSpec("P")
R = TypeVar("R")


def retried_atomic(service: Callable[P, R]) -> Callable[P, R]:
    """Run a service in a transaction; the outermost one is tried again when the database says it lost.

    A refusal (`ValidationError`) or a broken constraint is an answer, not a loss: it passes through.
    Inside another transaction the service is a savepoint, and the outermost service does the retrying.
    """

    @functools.wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        attempts = 1 if transaction.get_connection().in_atomic_block else ATTEMPTS
        for attempt in range(1, attempts + 1):
            try:
                with transaction.atomic(), ExitStack() as blocks:
                    for block in around_services:
                        blocks.enter_context(block(kwargs.get("by")))
                    return service(*args, **kwargs)
            except OperationalError as error:
                if attempt == attempts or not is_lost(error):
                    raise
                time.sleep(random.uniform(0, min(LONGEST_PAUSE_S, 0.01 * 2**attempt)))  # noqa: S311
        raise AssertionError("unreachable")

    return run


def is_lost(error: OperationalError) -> bool:
    """Tell whether the database gave up this transaction in favour of another one."""
    code = error.args[0] if error.args else None
    return code in LOST_TO_ANOTHER or "database is locked" in str(error)
