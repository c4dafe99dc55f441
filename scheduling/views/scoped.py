"""The appointments and people that a page may show to whoever asks."""

from accounts.models import Guardianship
from accounts.views.access import visible_or_404
from scheduling.models import Appointment
from scheduling.own import changeable_appointment


def own_appointment_or_404(request, reference: str) -> Appointment:
    """An appointment that the person may see."""
    return visible_or_404(request, Appointment.objects.visible_to(request.user).for_list(), reference)


def changeable_appointment_or_404(request, reference: str) -> Appointment:
    """An appointment that the person may also move, edit and cancel."""
    own = changeable_appointment(request.user, reference)
    if own:
        return own
    changeable = Appointment.objects.visible_to(request.user).changeable_by(request.user)
    return visible_or_404(request, changeable.for_list(), reference)


def appointments_of(user, people: list[Guardianship]):
    """The appointments of these people, as far as the person may see them."""
    patients = [guardianship.patient_id for guardianship in people]
    return Appointment.objects.visible_to(user).filter(patient__in=patients).for_list()
