from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from accounts.querysets import PatientOwnedQuerySet


class EmergencyAccessQuerySet(PatientOwnedQuerySet):
    def open(self) -> "EmergencyAccessQuerySet":
        """Accesses that have not ended at this moment."""
        return self.filter(ends_at__gt=timezone.now())


def patients_opened_by(user) -> QuerySet:
    """Keys of the patients to whose records the user has emergency access at this moment."""
    accesses = apps.get_model("clinical", "EmergencyAccess").objects.open()
    return accesses.filter(recorded_by=user).order_by().values("patient_id")
