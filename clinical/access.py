from django.db.models import Q

from clinical.querysets.emergency import patients_opened_by


def opened_in_an_emergency(user) -> Q | None:
    """Patients whose records the user has opened in an emergency are also found among the patients."""
    return Q(pk__in=patients_opened_by(user)) if user.is_staff else None
