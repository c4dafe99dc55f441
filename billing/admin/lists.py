"""The common base of the lists of bills, payments, refunds and receipts."""

from accounts.querysets import PatientOwnedQuerySet
from audit.reading.history import HistoryMixin
from hms.core.admin import ReadOnlyAdmin, VisibleToMixin


class BillingAdmin(HistoryMixin, VisibleToMixin, ReadOnlyAdmin):
    """A read-only list, newest first; every action on a row calls a service."""

    list_per_page = 50
    show_full_result_count = False
    to_reference: tuple[str, ...] = ("reference",)

    search_fields = ["reference"]  # see get_search_results

    def get_search_results(self, request, queryset, search_term):  # noqa: ARG002
        return matching(queryset, search_term.strip(), self.to_reference), False


def matching(rows: PatientOwnedQuerySet, text: str, to_reference: tuple[str, ...]) -> PatientOwnedQuerySet:
    """Rows with this reference or number, each found by an index; otherwise the rows of matching patients."""
    if not text:
        return rows
    for path in to_reference:
        found = rows.filter(**{path: text.upper()})
        if found.exists():
            return found
    return rows.matching(text)
