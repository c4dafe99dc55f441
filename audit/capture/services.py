from collections.abc import Iterator
from contextlib import contextmanager

from audit.capture.context import audit_context
from audit.capture.recorder import one_insert


@contextmanager
def logged_service(by) -> Iterator[None]:
    """Around each service: its entries name its caller and are inserted together.

    If `by` is the system, the context says who acts.
    """
    actor = {"actor": by} if getattr(by, "is_authenticated", False) else {}
    with audit_context(**actor), one_insert():
        yield
