"""What is not yours answers 404, and the attempt is in the log."""

from django.db.models import Model, QuerySet
from django.http import Http404

from audit.capture.recorder import record_denied
from audit.capture.registry import registration_of


def visible_or_404(request, queryset: QuerySet, reference: str) -> Model:
    """The row with this reference among those the person may see."""
    try:
        return queryset.get(reference=reference)
    except queryset.model.DoesNotExist:
        _log_denied(request, queryset.model, reference)
        raise Http404 from None


def _log_denied(request, model: type[Model], reference: str) -> None:
    """Log the look at something that exists; a mistyped reference is nobody's business."""
    found = model._default_manager.filter(reference=reference)
    for patient_id in found.values_list(registration_of(model).patient, flat=True):
        record_denied(request, model, reference, patient_id=patient_id)
