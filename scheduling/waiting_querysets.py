"""Reads of the waiting list and of offers."""

from django.db.models import QuerySet

from accounts.querysets import PatientOwnedQuerySet
from scheduling.statuses import OfferStatus, WaitingStatus

VISIT_ROWS = ("branch", "doctor__department", "doctor__specialization")


class WaitingListQuerySet(PatientOwnedQuerySet):
    def waiting(self) -> "WaitingListQuerySet":
        return self.filter(status=WaitingStatus.WAITING)

    def without_open_offer(self) -> "WaitingListQuerySet":
        offers = self.model.offers.rel.related_model.objects.filter(open_key__isnull=False)
        return self.exclude(pk__in=offers.exclude(entry=None).order_by().values("entry"))

    def for_list(self) -> "WaitingListQuerySet":
        return self.select_related("patient", "doctor", "department", "branch")


class OfferQuerySet(PatientOwnedQuerySet):
    def of_the_holder(self, reference: str) -> "OfferQuerySet":
        """What the page of a signed link shows to whoever holds the link; the read is logged."""
        found = self.filter(reference=reference).for_list()
        found.is_shown = True
        return found

    def open(self) -> "OfferQuerySet":
        """Not settled: also those for which the desk has to call."""
        return self.filter(open_key__isnull=False)

    def displaced_visits(self) -> QuerySet:
        """The keys of visits outside working hours that are not settled: nobody missed those."""
        return self.open().exclude(displaced=None).order_by().values("displaced")

    def to_call(self) -> "OfferQuerySet":
        """Of visits outside working hours whose patients have not answered, or for whom nothing was found."""
        return self.open().filter(status__in=[OfferStatus.UNANSWERED, OfferStatus.NOTHING_FREE])

    def for_list(self) -> "OfferQuerySet":
        visits = [f"{visit}__{row}" for visit in ("hold", "displaced") for row in VISIT_ROWS]
        return self.select_related("patient", "entry__doctor", "entry__department", *visits)
