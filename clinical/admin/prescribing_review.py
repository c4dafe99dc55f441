from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinical.models import Prescription
from clinical.services.prescribing_review import figures_of, following


def review_prescribing(site, request):
    """Figures per doctor of the month in `?month=2026-11`, by default the current one; no patients."""
    if not request.user.has_perm("clinical.review_prescribing"):
        raise PermissionDenied
    first = first_day(request.GET.get("month", "")) or timezone.localdate().replace(day=1)
    page = site.each_context(request) | {
        "title": _("Prescribing"),
        "opts": Prescription._meta,
        "month": first,
        "earlier": (first - timedelta(days=1)).replace(day=1),
        "later": following(first),
        "is_current": first >= timezone.localdate().replace(day=1),
        "figures": figures_of(month=first, by=request.user),
    }
    return TemplateResponse(request, "admin/clinical/prescribing_review.html", page)


def first_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
