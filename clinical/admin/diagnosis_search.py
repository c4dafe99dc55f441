"""The search for a diagnosis: a list of choices for a form that asks with htmx, otherwise a page."""

import re

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from accounts.names import tidy
from clinical.models import DiagnosisSource, DiagnosisTerm
from clinical.terms.favourites import favourites_of
from clinical.terms.index import LONGEST
from clinical.terms.search import search_diagnoses
from scheduling.models import Doctor

NAME_OF_A_BUTTON = re.compile(r"[A-Za-z][\w-]{0,60}")


def show_diagnoses(site, request):
    """Answers `?q=`; with `name` each choice is a button of that name with the key of the diagnosis."""
    if not request.user.has_perm("clinical.view_diagnosisterm"):
        raise PermissionDenied
    typed = (text for name, text in request.GET.items() if name == "q" or name.endswith("-title"))
    text, name = tidy(next(typed, ""))[:LONGEST], request.GET.get("name", "")
    doctor = Doctor.objects.filter(user=request.user).first()
    context = {
        "text": text,
        "found": search_diagnoses(text, favourites=favourites_of(doctor)),
        "name": name if NAME_OF_A_BUTTON.fullmatch(name) else "",
    }
    is_list = "list" in request.GET  # the choices of a box, instead of buttons
    template = "clinical/_diagnosis_list.html" if is_list else "clinical/_diagnosis_options.html"
    if not request.htmx:
        template = "admin/clinical/diagnoses.html"
        context |= site.each_context(request) | {
            "title": _("Diagnoses"),
            "opts": DiagnosisTerm._meta,
            "sources": DiagnosisSource.objects.all(),
        }
    response = TemplateResponse(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
