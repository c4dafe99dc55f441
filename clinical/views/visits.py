from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import visible_or_404
from clinical.models import Encounter
from clinical.statuses.encounters import EncounterStatus


@login_required
@require_safe
def show_visit(request, reference: str):
    """What the patient takes home from a visit: diagnoses, advice and follow-up, never the notes."""
    signed = Encounter.objects.visible_to(request.user).filter(status=EncounterStatus.SIGNED)
    rows = signed.select_related("patient", "appointment__doctor__department")
    encounter = visible_or_404(request, rows, reference)
    context = {"encounter": encounter, "diagnoses": list(encounter.diagnoses.all())}
    return render(request, "clinical/show_visit.html", context)
