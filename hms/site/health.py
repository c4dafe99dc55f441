"""For load balancers and operators: /healthz says the process answers, /readyz that it can serve."""

from functools import lru_cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

UNAVAILABLE = 503


@never_cache
@require_safe
def healthz(_request):
    return _answer("ok")


@never_cache
@require_safe
def readyz(_request):
    """Ready means: the database answers, and every migration of this code has been applied to it."""
    try:
        missing = _latest_migrations() - set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return _answer("database not reachable", UNAVAILABLE)
    if missing:
        return _answer("migrations not applied", UNAVAILABLE)
    return _answer("ok")


@lru_cache(maxsize=1)
def _latest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of every app on disk, which do not change while the process lives."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _answer(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
