from accounts.querysets import PatientOwnedQuerySet
from clinical.statuses import CURRENT, AllergyStatus


class AllergyQuerySet(PatientOwnedQuerySet):
    def current(self) -> "AllergyQuerySet":
        """Allergies that matter to treatment, or the statement that none is known."""
        return self.filter(status__in=CURRENT)

    def not_in_error(self) -> "AllergyQuerySet":
        return self.exclude(status=AllergyStatus.ENTERED_IN_ERROR)
