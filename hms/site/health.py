"""For load balancers and operators: /healthz reports a live process, /readyz a usable database."""

from django.db import DatabaseError
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hms.core.migrated import migrations_to_apply

UNAVAILABLE = 503


@never_cache
@require_safe
def healthz(_request):
    return _answer("ok")


@never_cache
@require_safe
def readyz(_request):
    """Ready if the database answers and has every migration of this code."""
    try:
        missing = migrations_to_apply()
    except DatabaseError:
        return _answer("database not reachable", UNAVAILABLE)
    if missing:
        return _answer("migrations not applied", UNAVAILABLE)
    return _answer("ok")


def _answer(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
