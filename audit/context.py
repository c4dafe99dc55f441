"""Who is acting, whence and in which request: kept per thread and task, never on a class."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class AuditContext:
    """The circumstances of a change; `actor` may be a lazy user and is only looked at on writing."""

    actor: Any = None
    source: str = "shell"
    request_id: str = ""
    address: str | None = None
    reason: str = ""
    extra: dict = field(default_factory=dict)


_current: ContextVar[AuditContext] = ContextVar("audit_context", default=AuditContext())


def current() -> AuditContext:
    return _current.get()


@contextmanager
def audit_context(**changes):
    """Within the block every logged change carries these circumstances."""
    token = _current.set(replace(_current.get(), **changes))
    try:
        yield _current.get()
    finally:
        _current.reset(token)
