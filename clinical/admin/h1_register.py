from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinical.admin.prescribing_review import first_day
from clinical.models import Prescription
from clinical.services.h1_register import h1_register
from hms.core.periods import month_after


def show_h1_register(site, request):
    """The register of the month in `?month=2026-11`, by default the current one, to read and to print."""
    if not request.user.has_perm("clinical.view_h1_register"):
        raise PermissionDenied
    current = timezone.localdate().replace(day=1)
    first = first_day(request.GET.get("month", "")) or current
    last = month_after(first) - timedelta(days=1)
    page = site.each_context(request) | {
        "title": _("Register of Schedule H1"),
        "opts": Prescription._meta,
        "month": first,
        "earlier": (first - timedelta(days=1)).replace(day=1),
        "later": None if first >= current else month_after(first),
        "entries": h1_register(first=first, last=last, by=request.user),
    }
    return TemplateResponse(request, "admin/clinical/h1_register.html", page)
