from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import visible_or_404
from clinical.models import CurrentMedicine, Prescription
from clinical.prescription_papers import paper_of, pdf_of
from hms.core.pdf import send_pdf
from scheduling.own import people_with_records


@login_required
@require_safe
def list_medicines(request):
    """What the people of the login take, and their prescriptions, the latest first."""
    people, person = people_with_records(request)
    patients = [each.patient_id for each in ([person] if person else people)]
    taken = CurrentMedicine.objects.visible_to(request.user).filter(patient__in=patients).active()
    prescriptions = Prescription.objects.visible_to(request.user).filter(patient__in=patients).signed()
    context = {
        "people": people,
        "person": person.patient if person else None,
        "medicines": taken.select_related("patient", "medicine"),
        "prescriptions": prescriptions.for_paper().order_by("-signed_at"),
    }
    return render(request, "clinical/list_medicines.html", context)


@login_required
@require_safe
def show_prescription(request, reference: str):
    """The paper, for the patient and for those who treat the patient."""
    return render(request, "clinical/show_prescription.html", paper_of(request, _signed(request, reference)))


@login_required
@require_safe
def download_prescription(request, reference: str):
    """The same as PDF, on A4 or with `?size=a5` on A5."""
    prescription = _signed(request, reference)
    return send_pdf(
        request,
        lambda: pdf_of(request, prescription),
        name=prescription.reference,
        otherwise=reverse("clinical:show-prescription", args=[reference]),
    )


def _signed(request, reference: str) -> Prescription:
    prescriptions = Prescription.objects.visible_to(request.user).signed().for_paper()
    return visible_or_404(request, prescriptions, reference)
