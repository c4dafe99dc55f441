"""What becomes of coming visits, for pages of lower apps on which somebody stops acting for a patient."""

from django import template

from accounts.models import Patient
from accounts.statuses import ComingVisits
from scheduling.services.changes import coming_visits

register = template.Library()


@register.inclusion_tag("scheduling/_coming_visits.html", takes_context=True)
def choose_about_visits(context, patient: Patient) -> dict:
    user = context["request"].user
    return {"visits": coming_visits(patient, user), "choices": ComingVisits.choices}
