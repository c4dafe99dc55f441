from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from clinical.querysets.signed import SignedQuerySet
from clinical.statuses import VitalSignsStatus

WEIGHT_COUNTS_FOR = timedelta(days=30)


class VitalSignsQuerySet(SignedQuerySet):
    def valid(self) -> "VitalSignsQuerySet":
        """Vital signs that were not entered in error."""
        return self.filter(status=VitalSignsStatus.RECORDED)

    def recent_weight(self, patient_id: int) -> Decimal | None:
        """The last weight of the patient in kg that was measured within 30 days, for a dose by weight."""
        weighed = self.valid().filter(patient=patient_id, weight_kg__isnull=False)
        since = timezone.now() - WEIGHT_COUNTS_FOR
        recent = weighed.filter(measured_at__gte=since).order_by("-measured_at")
        return recent.values_list("weight_kg", flat=True).first()
