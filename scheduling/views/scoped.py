"""The appointments and people that a page may show to whoever asks."""

from accounts.models import Guardianship
from accounts.views.access import visible_or_404
from scheduling.models import Appointment


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
