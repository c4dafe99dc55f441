from accounts.querysets import PatientOwnedQuerySet
from clinical.statuses import VitalSignsStatus


class VitalSignsQuerySet(PatientOwnedQuerySet):
    def valid(self) -> "VitalSignsQuerySet":
        """Vital signs that were not entered in error."""
        return self.filter(status=VitalSignsStatus.RECORDED)
