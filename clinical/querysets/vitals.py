from clinical.querysets.signed import SignedQuerySet
from clinical.statuses import VitalSignsStatus


class VitalSignsQuerySet(SignedQuerySet):
    def valid(self) -> "VitalSignsQuerySet":
        """Vital signs that were not entered in error."""
        return self.filter(status=VitalSignsStatus.RECORDED)
