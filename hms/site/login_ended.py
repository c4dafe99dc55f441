"""Pages of the staff site after their login has ended: no word that was typed is lost.

A part that loads by itself is answered in words, because a redirect would put the login page into it. A form
that was sent is kept, and after the login its page offers to send it again.
"""

from functools import wraps

from django.http import HttpResponseRedirect
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django_htmx.http import trigger_client_event

from accounts.kept_forms import forget, keep, kept, remember_who_works, who_worked
from hms.core.parts import is_of_staff_site, told_in_words

TOKEN_REFUSED = ("CSRF token from", REASON_NO_CSRF_COOKIE)
TECHNICAL = ("fingerprint", "_FORMS", "key")  # ends of the names of boxes that nobody types into


def keeps_what_is_typed(site, view):
    """The view, without a login in words or with what was sent kept; after it with what was kept."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        if not site.has_permission(request):
            if request.htmx:
                return words_for(request)
            if request.method == "POST":
                keep(request, who_worked(request))
            return view(request, *args, **kwargs)
        if answer := answer_to_kept(site, request):
            return answer
        response = view(request, *args, **kwargs)
        remember_who_works(request, response)
        return response

    return inner


def answer_to_kept(site, request):
    """The page that offers to send the form again; None where nothing is kept for this page."""
    fields = None if request.htmx else kept(request)
    if fields is None:
        return None
    if request.method == "POST":
        forget(request)
        return HttpResponseRedirect(request.get_full_path()) if "forget_kept" in request.POST else None
    sent = [(name, value) for name, values in fields.items() for value in values]
    page = site.each_context(request) | {
        "title": _("What you sent is not saved yet"),
        "sent": sent,
        "typed": [
            (name.replace("_", " "), value) for name, value in sent if value and not name.endswith(TECHNICAL)
        ],
    }
    return TemplateResponse(request, "admin/kept_form.html", page)


def refuse_form(request, reason: str = ""):
    """Refuse a form with a wrong token. A new login has a new one, with which the part sends again."""
    if not (is_of_staff_site(request) and request.htmx and reason.startswith(TOKEN_REFUSED)):
        return csrf_failure(request, reason)
    answer = words_for(request)
    if request.user.is_authenticated and reason != REASON_NO_CSRF_COOKIE:
        trigger_client_event(answer, "renewed", after="settle")
    return answer


def words_for(request) -> TemplateResponse:
    return told_in_words(request, "admin/_login_ended.html", {"is_renewed": request.user.is_authenticated})
