from accounts.models import Patient
from accounts.querysets import PatientOwnedQuerySet
from clinical.statuses import CURRENT, AllergyStatus


class AllergyQuerySet(PatientOwnedQuerySet):
    def current(self) -> "AllergyQuerySet":
        """What a prescriber has to reckon with, and the statement that there is nothing."""
        return self.filter(status__in=CURRENT)

    def not_in_error(self) -> "AllergyQuerySet":
        return self.exclude(status=AllergyStatus.ENTERED_IN_ERROR)

    def matching(self, text: str) -> "AllergyQuerySet":
        """What a search box means: the patient."""
        return self.filter(patient__in=Patient.objects.matching(text).order_by().values("pk"))
