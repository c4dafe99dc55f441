from accounts.access import visible_or_404
from clinical.services.rights import visits_open_to
from scheduling.models import Appointment


def visit_or_404(request, reference: str) -> Appointment:
    """The visit that a page of the staff site is about; 404, logged, if it is not open to the person."""
    return visible_or_404(request, visits_open_to(request.user).for_list(), reference)
