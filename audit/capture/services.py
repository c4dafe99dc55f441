from collections.abc import Iterator
from contextlib import contextmanager

from audit.capture.context import audit_context
from audit.capture.recorder import one_insert


@contextmanager
def logged_service(by) -> Iterator[None]:
    """Around each service: its entries are by whom it was called, and are inserted together.

    A service that nobody calls in person (`by` is the system) is by whoever the context names.
    """
    actor = {"actor": by} if getattr(by, "is_authenticated", False) else {}
    with audit_context(**actor), one_insert():
        yield
