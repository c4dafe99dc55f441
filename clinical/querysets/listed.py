from accounts.querysets import PatientOwnedQuerySet
from clinical.statuses import ENTERED_IN_ERROR


class ListedQuerySet(PatientOwnedQuerySet):
    """Entries of the lists that are kept for each patient."""

    def current(self) -> "ListedQuerySet":
        """What matters to treatment, for example a statement that no allergies are known."""
        return self.filter(status__in=self.model.current_statuses)

    def not_in_error(self) -> "ListedQuerySet":
        return self.exclude(status=ENTERED_IN_ERROR)
