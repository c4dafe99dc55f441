from django import template

from clinical.models import EmergencyAccess

register = template.Library()


@register.inclusion_tag("admin/clinical/_emergency_reason.html")
def emergency_reason(anomaly, user) -> dict:
    """The reason of the emergency access that an anomaly is about, for those who review it."""
    accesses = EmergencyAccess.objects.visible_to(user).filter(
        patient_id=anomaly.patient_id, recorded_by=anomaly.actor_id, recorded_at=anomaly.begins_at
    )
    return {"access": accesses.first()}
