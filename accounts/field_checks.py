"""Checks one field of a patient's form when it is left, with the words that sending the form would give.

htmx sends the whole form to the form's own page, with the name of the field in a header. The form is built as
for sending and validated; the view behind it is not called, and nothing is saved. Whether an address or a
person is known already is only said on sending (`is_field_check`). Without JavaScript nothing is different.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from allauth.core import ratelimit
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from audit.capture.requests import refreshes

HEADER = "X-Check-Field"


def checks_fields(form_of: Callable[..., forms.Form]):
    """Let the fields of a view's form be checked; `form_of`, called like the view, builds the form."""

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if is_check(request):
                return answer(request, form_of(request, *args, **kwargs))
            return view(request, *args, **kwargs)

        checked.form_of = form_of
        return checked

    return decorate


class ChecksFields:
    """The same for a `FormView`."""

    def dispatch(self, request, *args, **kwargs):
        if is_check(request):
            return answer(request, self.get_form())
        return super().dispatch(request, *args, **kwargs)


def is_check(request: HttpRequest) -> bool:
    """Whether a field is to be checked; otherwise the page is shown, with fields that will be."""
    request.checks_fields = True
    checks = request.method == "POST" and HEADER in request.headers
    refreshes(request, is_opening=not checks)  # a check shows nobody who was not logged on opening
    return checks


@sensitive_post_parameters()
def answer(request: HttpRequest, form: forms.Form) -> HttpResponse:
    """The errors of the field as the page shows them; empty if there are none."""
    if not ratelimit.consume(request, action="field_check"):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    name = request.headers[HEADER]
    if name not in form.fields or form[name].is_hidden:
        raise Http404
    form.is_field_check = True
    field = None if is_unfinished(form[name]) else form[name]
    return render(request, "_field_errors.html", {"field": field})


def is_unfinished(field: forms.BoundField) -> bool:
    """Whether a group of boxes, like a date, is still being filled in."""
    parts = field.data if isinstance(field.field, forms.MultiValueField) else []
    return any(not part for part in parts)
