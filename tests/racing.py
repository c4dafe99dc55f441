"""Running many contenders at once, each in a thread and on a database connection of its own."""

import threading
from collections import Counter
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import connections


def race(*contenders: Callable[[], object]) -> Counter:
    """Start every contender at the same moment; count by name how each of them ended."""
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
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)
