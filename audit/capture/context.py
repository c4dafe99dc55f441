"""Who is acting, from where and in which request, per thread and task.

The circumstances of the process (the name of a command) are the default, also in threads that start
without a context.
"""

import logging
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from audit.statuses import Source


@dataclass(frozen=True)
class AuditContext:
    """The circumstances of a change; `actor` is a user, or a callable that returns one on writing."""

    actor: Any = None
    source: str = Source.SHELL.value
    origin: str = ""  # the page's address or the command's name
    request_id: str = ""
    address: str | None = None
    reason: str = ""
    on_behalf_of: str = ""
    extra: dict = field(default_factory=dict)

    def who(self):
        """The logged-in user who acts, or None."""
        user = self.actor() if callable(self.actor) else self.actor
        return user if user is not None and user.is_authenticated else None


_of_process = AuditContext()
_current: ContextVar[AuditContext | None] = ContextVar("audit_context", default=None)


def current() -> AuditContext:
    return _current.get() or _of_process


@contextmanager
def audit_context(**changes):
    """Entries written within the block carry these circumstances."""
    context = replace(current(), **changes)
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def describe_process(argv: list[str] | None = None) -> None:
    """Set the default circumstances from the command line of the process."""
    global _of_process
    _of_process = context_of(sys.argv if argv is None else argv)


def context_of(argv: list[str]) -> AuditContext:
    """`manage.py purge_claims` is a command of that name; anything else is a shell."""
    if len(argv) < 2 or not _runs_commands(Path(argv[0])):
        return AuditContext()
    is_shell = argv[1] in {"shell", "dbshell"}
    return AuditContext(source=(Source.SHELL if is_shell else Source.COMMAND).value, origin=argv[1])


def _runs_commands(program: Path) -> bool:
    if program.name == "__main__.py":
        return program.parent.name == "django"
    return program.name in {"manage.py", "django-admin"}


class RequestIdFilter(logging.Filter):
    """Puts the request's id on every line of the technical log, so it can be matched with entries.

    Django writes the line of a response from 400 on after the context has ended, and gives it the request.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        record.request_id = current().request_id or getattr(request, "id", "") or "-"
        return True
