from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.services import matches_of, possible_duplicates
from accounts.services.duplicates import LATEST, LATEST_DAYS

PER_PAGE = 50


def show_possible_duplicates(model_admin, request):
    """Pairs of patients who may be one person, side by side, with the reasons."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    pairs = Paginator(possible_duplicates(by=request.user), PER_PAGE).get_page(request.GET.get("page"))
    page = model_admin.admin_site.each_context(request) | {
        "title": _("Possible duplicates"),
        "opts": model_admin.opts,
        "days": LATEST_DAYS,
        "most": LATEST,
        "pairs": pairs,
        "matches": matches_of(pairs=pairs.object_list, by=request.user),
    }
    return TemplateResponse(request, "admin/accounts/possible_duplicates.html", page)
