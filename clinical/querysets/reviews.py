from accounts.querysets import PatientOwnedQuerySet
from clinical.statuses.reviews import ReviewStatus


class ReviewQuerySet(PatientOwnedQuerySet):
    def published(self) -> "ReviewQuerySet":
        return self.filter(status=ReviewStatus.PUBLISHED)

    def for_list(self) -> "ReviewQuerySet":
        return self.select_related("patient", "appointment", "doctor")

    def for_everybody(self) -> "ReviewQuerySet":
        """What anybody may read, the latest first: nothing that names the patient or the day of the visit."""
        shown = self.published().order_by("-recorded_at", "-pk")
        return shown.values("stars", "words", "answer", "appointment__starts_at")
