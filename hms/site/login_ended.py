"""Parts of the staff site that load by themselves after their login has ended: words, and no page is lost.

A redirect would put the login page into the part; see `templates/_staff_htmx.html` for the status.
"""

from functools import wraps

from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template.response import TemplateResponse
from django.views.csrf import csrf_failure
from django_htmx.http import reselect, reswap, retarget, trigger_client_event

STATUS = 401
TOKEN_REFUSED = ("CSRF token from", REASON_NO_CSRF_COOKIE)


def tells_when_the_login_ended(site, view):
    """The view, which answers a part's request without a login in words instead of with the login page."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        if request.htmx and not site.has_permission(request):
            return words_for(request)
        return view(request, *args, **kwargs)

    return inner


def refuse_form(request, reason: str = ""):
    """Refuse a form with a wrong token. A new login has a new one, with which the part sends again."""
    is_of_staff_site = request.resolver_match and "admin" in request.resolver_match.namespaces
    if not (is_of_staff_site and request.htmx and reason.startswith(TOKEN_REFUSED)):
        return csrf_failure(request, reason)
    answer = words_for(request)
    if request.user.is_authenticated and reason != REASON_NO_CSRF_COOKIE:
        trigger_client_event(answer, "renewed", after="settle")
    return answer


def words_for(request) -> TemplateResponse:
    page = {"is_renewed": request.user.is_authenticated}
    answer = TemplateResponse(request, "admin/_login_ended.html", page, status=STATUS)
    return reselect(reswap(retarget(answer, "#login-ended"), "innerHTML"), ".login-ended").render()
