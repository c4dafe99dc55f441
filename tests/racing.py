"""Concurrent callers, each in a thread with its own connection, and simulated deadlocks."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, connections
from django.template import Template


def race(*contenders: Callable[[], object]) -> Counter:
    """Start all contenders at the same moment; count their outcomes by name."""
    outcomes, start = [], threading.Barrier(len(contenders))

    def run(contender: Callable[[], object]) -> None:
        try:
            start.wait()
            outcome = contender()
            outcomes.append(outcome if isinstance(outcome, str) else type(outcome).__name__)
        except ValidationError as refusal:
            outcomes.append(type(refusal).__name__)
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[contender]) for contender in contenders]
    with _templates_unwatched():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return Counter(outcomes)


@contextmanager
def _templates_unwatched() -> Iterator[None]:
    """Switch off the test client's copying of templates, which multiplies with the number of threads."""
    watched = Template._render
    Template._render = lambda template, context: template.nodelist.render(context)
    try:
        yield
    finally:
        Template._render = watched


@contextmanager
def losing_once(verb: str, table: str) -> Iterator[None]:
    """Make the first matching statement fail with a deadlock; fails if no statement matches."""
    lost = [OperationalError(1213, "Deadlock found")]

    def lose_once(execute, sql, params, many, context):
        if sql.startswith(verb) and table in sql and lost:
            raise lost.pop()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(lose_once):
        yield
    assert not lost
