"""What is not yours answers 404, and the attempt is in the log."""

from django.db.models import QuerySet
from django.http import Http404

from audit.capture.recorder import record_denied
from billing.models import Invoice, Payment


def own_payment_or_404(request, reference: str) -> Payment:
    """A payment that the person may see, with its bill and visit."""
    payments = Payment.objects.visible_to(request.user).with_visit()
    return _get(request, payments, reference, "invoice__patient_id")


def own_invoice_or_404(request, reference: str) -> Invoice:
    """A bill that the person may see and pay, with its visit."""
    return _get(request, Invoice.objects.visible_to(request.user).for_list(), reference, "patient_id")


def _get(request, found: QuerySet, reference: str, to_patient: str):
    try:
        return found.get(reference=reference)
    except found.model.DoesNotExist:
        everybodys = found.model._default_manager.filter(reference=reference)
        for patient_id in everybodys.values_list(to_patient, flat=True):
            record_denied(request, found.model, reference, patient_id=patient_id)
        raise Http404 from None
