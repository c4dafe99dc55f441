"""What is not yours answers 404, and the attempt is in the log."""

from django.db.models import Model, QuerySet
from django.http import Http404

from accounts.models import Guardianship
from audit.recorder import record_denied
from scheduling.models import Appointment


def visible_or_404(request, queryset: QuerySet, reference: str) -> Model:
    """The row with this reference among those the person may see."""
    try:
        return queryset.get(reference=reference)
    except queryset.model.DoesNotExist:
        _log_denied(request, queryset.model, reference)
        raise Http404 from None


def _log_denied(request, model: type[Model], reference: str) -> None:
    """Log the look at something that exists; a mistyped reference is nobody's business."""
    patient_ids = model._default_manager.filter(reference=reference).values_list("patient_id", flat=True)
    for patient_id in patient_ids:
        record_denied(request, model, reference, patient_id=patient_id)


def own_appointment_or_404(request, reference: str) -> Appointment:
    """An appointment that the person may see."""
    return visible_or_404(request, Appointment.objects.visible_to(request.user).for_list(), reference)


def changeable_appointment_or_404(request, reference: str) -> Appointment:
    """An appointment that the person may also move, edit and cancel."""
    changeable = Appointment.objects.visible_to(request.user).changeable_by(request.user)
    return visible_or_404(request, changeable.for_list(), reference)


def people_cared_for_by(user) -> list[Guardianship]:
    """Whom the person looks after, oneself first."""
    bonds = Guardianship.objects.visible_to(user).in_force().filter(user=user)
    found = bonds.select_related("patient").order_by("patient__full_name", "pk")
    return sorted(found, key=lambda bond: bond.relation != "self")


def appointments_of(user, people: list[Guardianship]):
    """The appointments of these people, as far as the person may see them."""
    patients = [bond.patient_id for bond in people]
    return Appointment.objects.visible_to(user).filter(patient__in=patients).for_list()
