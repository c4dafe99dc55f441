from django import template

from accounts.models import Patient
from scheduling.services.missed import count_missed

register = template.Library()


@register.inclusion_tag("admin/scheduling/_no_shows.html")
def no_shows_of(patient: Patient) -> dict:
    return {"count": count_missed(patient.pk)}
