"""What the pages of lower apps, which cannot import clinical, ask about a visit."""

from django import template

from clinical.services.rights import visits_open_to
from scheduling.models import Appointment

register = template.Library()


@register.filter
def is_open_to(visit: Appointment, user) -> bool:
    """Whether the pages on which a visit is recorded open for the user."""
    return visits_open_to(user).filter(pk=visit.pk).exists()
