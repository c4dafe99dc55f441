from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from accounts.models import Patient
from clinical.querysets.signed import SignedQuerySet
from clinical.statuses import VitalSignsStatus
from clinical.vitals.news2 import WARNS_FOR
from clinical.vitals.weights import COUNTS_FOR, Weighed, Weighings


class VitalSignsQuerySet(SignedQuerySet):
    def valid(self) -> "VitalSignsQuerySet":
        """Vital signs that were not entered in error."""
        return self.filter(status=VitalSignsStatus.RECORDED)

    def recent(self) -> "VitalSignsQuerySet":
        """Valid vital signs of the last hours, newest first."""
        since = timezone.now() - WARNS_FOR
        return self.valid().filter(measured_at__gte=since).order_by("-measured_at", "-pk")

    def weighed(self, day: date) -> "VitalSignsQuerySet":
        """Valid weights that count on the day, and those that they are compared with, oldest first."""
        since = timezone.make_aware(datetime.combine(day - 2 * COUNTS_FOR, time()))
        found = self.valid().filter(weight_kg__isnull=False, measured_at__gte=since)
        return found.order_by("measured_at", "pk")

    def recent_weight(self, patient: Patient) -> Decimal | None:
        """The last weight in kg within 30 days, for a dose by weight; None if it is doubtful."""
        return self.last_weight(patient)[0]

    def last_weight(self, patient: Patient) -> tuple[Decimal | None, str]:
        """The weight for doses by weight, or why the last one is doubtful."""
        today = timezone.localdate()
        return weighings_of(patient, self.filter(patient=patient).weighed(today)).last(today)


def weighings_of(patient: Patient, rows) -> Weighings:
    """The weights of these rows, oldest first."""
    measured = tuple(Weighed(row.weight_kg, timezone.localdate(row.measured_at)) for row in rows)
    return Weighings(patient.gender, patient.date_of_birth, measured)
