"""Pages while the database is away, or takes no changes: 503, with the telephone number."""

import sys

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from hms.core.away import is_busy, is_known_to_be_away, is_read_only, is_unreachable, note_away, note_back

UNAVAILABLE, RETRY_AFTER_S = 503, 10
NEEDS_NO_DATABASE = ("/healthz", settings.STATIC_URL)


class UnavailableMiddleware:
    """Answer at once while the database is known to be away; `handler500` finds out that it is."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(NEEDS_NO_DATABASE):
            return self.get_response(request)
        if is_known_to_be_away():
            return unavailable()
        response = self.get_response(request)
        if response.status_code != UNAVAILABLE:
            note_back()
        return response


def handler500(request):
    """Django's page for an error, unless the error is that the database is away or takes no changes."""
    error = sys.exc_info()[1]
    if is_unreachable(error):
        note_away()
        return unavailable()
    if is_read_only(error):
        return unavailable()
    if is_busy(error):
        return unavailable(is_busy=True)
    return server_error(request)


def unavailable(*, is_busy: bool = False) -> HttpResponse:
    page = render_to_string("503.html", {"hospital": settings.HOSPITAL, "is_busy": is_busy})
    return HttpResponse(page, status=UNAVAILABLE, headers={"Retry-After": RETRY_AFTER_S})
