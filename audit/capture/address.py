"""From where a request comes: one rule for the log and the rate limits, `ALLAUTH_TRUSTED_PROXY_COUNT`.

Each trusted proxy adds to X-Forwarded-For the address that spoke to it. So the n-th from the end is
the client's, and whatever stands before it was sent by the client and proves nothing.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's address; None where there is none, as on a Unix socket."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies and len(hops) >= proxies and hops[-proxies].strip():
        return _clean(hops[-proxies])
    return _clean(request.META.get("REMOTE_ADDR") or "")


def _clean(address: str) -> str | None:
    """Without a port or brackets, in the one spelling of its kind."""
    address = address.strip()
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None
