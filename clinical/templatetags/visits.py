"""What the pages of lower apps, which cannot import clinical, ask about a visit."""

from django import template

from clinical.services.offers import offered_pages
from clinical.services.rights import visits_open_to
from scheduling.models import Appointment

register = template.Library()


@register.filter
def offered_to(visit: Appointment, user) -> frozenset[str]:
    """The pages on which the user can record something of the visit now."""
    is_open = user.is_staff and visits_open_to(user).filter(pk=visit.pk).exists()
    return offered_pages(visit, user) if is_open else frozenset()
