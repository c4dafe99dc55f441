"""For load balancers and operators: /healthz reports a live process, /readyz a usable database."""

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hms.core.away import is_unreachable, note_away
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
        _ask_quickly()
        missing = migrations_to_apply()
    except DatabaseError as error:
        if is_unreachable(error):
            note_away()
        return _answer("database not reachable", UNAVAILABLE)
    if missing:
        return _answer("migrations not applied", UNAVAILABLE)
    return _answer("ok")


def _ask_quickly() -> None:
    """Ask a database server over a connection that waits for a second at most."""
    if connection.vendor != "mysql":
        return
    quick = connection.copy()
    quick.settings_dict["OPTIONS"] |= dict.fromkeys(("connect_timeout", "read_timeout", "write_timeout"), 1)
    try:
        with quick.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        quick.close()


def _answer(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
