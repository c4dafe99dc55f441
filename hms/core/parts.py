"""Answers to the parts of staff pages that load by themselves (htmx)."""

from django.template.response import TemplateResponse
from django_htmx.http import reselect, reswap, retarget

STATUS = 401  # see `templates/_staff_htmx.html`


def is_of_staff_site(request) -> bool:
    return request.resolver_match is not None and "admin" in request.resolver_match.namespaces


def told_in_words(request, template: str, page: dict) -> TemplateResponse:
    """Words where they are seen, instead of a page that would take away what is typed."""
    answer = TemplateResponse(request, template, page, status=STATUS)
    return reselect(reswap(retarget(answer, "#login-ended"), "innerHTML"), ".login-ended").render()
