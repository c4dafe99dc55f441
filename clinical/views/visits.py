from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import visible_or_404
from clinical.models import Encounter
from clinical.statuses.encounters import EncounterStatus
from clinical.visit_papers import paper_of, pdf_of, summary_of
from hms.core.pdf import send_pdf


@login_required
@require_safe
def show_visit(request, reference: str):
    """What the patient takes home from a visit: diagnoses, advice and follow-up, never the notes."""
    encounter = visible_or_404(request, _signed(request), reference)
    return render(request, "clinical/show_visit.html", summary_of(request.user, encounter))


@login_required
@require_safe
def print_visit(request, reference: str):
    context = paper_of(request, _printed(request, reference)) | {
        "back": reverse("clinical:show-visit", args=[reference]),
        "pdf": reverse("clinical:download-visit", args=[reference]),
    }
    return render(request, "clinical/show_paper.html", context)


@login_required
@require_safe
def download_visit(request, reference: str):
    encounter = _printed(request, reference)
    name = f"visit-{encounter.appointment.reference}"
    otherwise = reverse("clinical:print-visit", args=[reference])
    return send_pdf(request, lambda: pdf_of(request, encounter), name=name, otherwise=otherwise)


def _signed(request):
    signed = Encounter.objects.visible_to(request.user).filter(status=EncounterStatus.SIGNED)
    return signed.select_related("patient", "appointment__doctor__department", "document")


def _printed(request, reference: str) -> Encounter:
    """One with a stored letterhead: not those that were signed before there were codes."""
    return visible_or_404(request, _signed(request).filter(document__isnull=False), reference)
