"""Retries a whole transaction, a limited number of times, when the database aborts it for another one."""

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

# Context managers entered for each service, inside its transaction, with its `by`. The log uses them to
# learn who acts and to collect the entries of the service.
around_services: list[Callable[[Any], AbstractContextManager]] = []

P = ParamSpec("P")
R = TypeVar("R")


def retried_atomic(service: Callable[P, R]) -> Callable[P, R]:
    """Run a service in a transaction; retry it when the database aborts it for another one.

    A refusal (`ValidationError`) or a violated constraint is raised at once. Inside another transaction the
    service is a savepoint, and the outermost service is retried.
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
    """Whether the database aborted this transaction in favour of another one."""
    code = error.args[0] if error.args else None
    return code in LOST_TO_ANOTHER or "database is locked" in str(error)
