"""A page that refreshes itself shows the same patients again: one line a quarter of an hour will do.

A view says that it does so with `refreshes(request)`. Patients who were not on the page before are logged
at once; loading the page again is a look of its own.
"""

from hashlib import sha256

from django.core.cache import cache

from audit.models import AuditEvent

SAME_ACCESS_S = 15 * 60


def refreshes(request) -> None:
    """Called by the view of a page that asks for itself again while it is open."""
    request.refreshes_itself = True


def patients_known(request) -> list[int]:
    """Who was logged for this session and page a short while ago; nobody when the page is loaded again."""
    is_refresh = getattr(request, "refreshes_itself", False) and "HX-Request" in request.headers
    return cache.get(_key(request), []) if is_refresh else []


def remember(request, known: list[int], event: AuditEvent | None) -> None:
    """Keep who has been logged now, so that the next refresh is silent."""
    if event is not None and getattr(request, "refreshes_itself", False):
        cache.set(_key(request), [*known, *event.details["patients"]], SAME_ACCESS_S)


def _key(request) -> str:
    look = f"{request.session.session_key} {request.get_full_path()}"
    return f"audit-access-{sha256(look.encode()).hexdigest()}"
