"""What a request says of an access: its origin, its kind, and whether it repeats one.

A page that refreshes itself shows the same patients again. Its view says so with `refreshes(request)`; then
only patients who were not on the page before are logged, and the others again after a quarter of an hour.
Loading the page again is an access of its own.
"""

import ipaddress
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from audit.models import Action, AuditEvent

SAME_ACCESS_S = 15 * 60
# The last part of the names of Django's admin URLs.
ADMIN_VIEWS = {"changelist": "list", "change": "form", "history": "history", "delete": "form"}


def client_address(request: HttpRequest) -> str | None:
    """The client's address; None where there is none, as on a Unix socket.

    Each of the `ALLAUTH_TRUSTED_PROXY_COUNT` proxies appends to X-Forwarded-For the address that it was
    called from. So the n-th from the end is the client's; whatever precedes it was sent by the client
    and proves nothing.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies and len(hops) >= proxies and hops[-proxies].strip():
        return _clean(hops[-proxies])
    return _clean(request.META.get("REMOTE_ADDR") or "")


def _clean(address: str) -> str | None:
    """Without port or brackets, in canonical spelling."""
    address = address.strip()
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def kind_of_read(request, response) -> tuple[str, dict]:
    """The action, and as details the view and what was searched for."""
    match = request.resolver_match
    name = (match.url_name or "") if match else ""
    words = request.GET.get("q") or request.GET.get("term") or ""
    details = {"view": ADMIN_VIEWS.get(name.rpartition("_")[2], name)}
    if words and not getattr(request, "searches_a_record", False):
        details["search"] = words
    action = _action(name, words, response)
    if action == Action.EXPORT:
        details["filter"] = request.GET.dict()
    return action, details


def _action(name: str, words: str, response) -> str:
    if response.get("Content-Disposition", "").startswith("attachment"):
        return Action.EXPORT if name.endswith("_export") else Action.DOWNLOAD
    if words or name == "autocomplete":
        return Action.SEARCH
    return Action.PRINT if "print" in name else Action.READ


def refreshes(request, *, is_opening: bool = False) -> None:
    """Mark the request's page as one that reloads itself while it is open; opening it is always logged."""
    request.refreshes_itself, request.opens_page = True, is_opening


def searches_a_record(request) -> None:
    """Mark the request's search as one for clinical words: the log has the search without them."""
    request.searches_a_record = True


def patients_known(request) -> list[int]:
    """Patients logged for this session and page within SAME_ACCESS_S; none when the user reloads the page."""
    refreshes_itself = getattr(request, "refreshes_itself", False) and not request.opens_page
    return cache.get(_key(request), []) if refreshes_itself and "HX-Request" in request.headers else []


def remember(request, known: list[int], event: AuditEvent | None) -> None:
    """Remember the patients who were logged, so that the next refresh is not."""
    if event is not None and getattr(request, "refreshes_itself", False):
        cache.set(_key(request), [*known, *event.details["patients"]], SAME_ACCESS_S)


def _key(request) -> str:
    page = f"{request.session.session_key} {request.get_full_path()}"
    return f"audit-access-{sha256(page.encode()).hexdigest()}"
