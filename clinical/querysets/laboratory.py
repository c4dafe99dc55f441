from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from accounts.querysets import PatientOwnedQuerySet
from audit.capture.querysets import AuditedQuerySet
from clinical.querysets.signed import SignedQuerySet
from clinical.statuses import CRITICAL, GIVEN, OPEN, LabResultStatus, Urgency
from scheduling.access import doctors_covered_by

URGENT_FIRST = Case(
    When(urgency=Urgency.STAT, then=Value(0)),
    When(urgency=Urgency.URGENT, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
CRITICAL_FIRST = Case(
    When(flag__in=sorted(CRITICAL), then=Value(0)), default=Value(1), output_field=IntegerField()
)


class LabTestQuerySet(AuditedQuerySet):
    """Of tests and of panels."""

    def orderable(self) -> "LabTestQuerySet":
        return self.filter(is_active=True)

    def matching(self, text: str) -> "LabTestQuerySet":
        """Every word occurs in the name, the code or another name."""
        found = self
        for word in text.split():
            found = found.filter(Q(name__icontains=word) | Q(synonyms__icontains=word) | Q(code=word.lower()))
        return found


class ReferenceRangeQuerySet(AuditedQuerySet):
    def valid_on(self, day: date) -> "ReferenceRangeQuerySet":
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


class LabOrderQuerySet(PatientOwnedQuerySet):
    def open(self) -> "LabOrderQuerySet":
        return self.filter(status__in=OPEN)

    def overdue(self, as_of: datetime) -> "LabOrderQuerySet":
        return self.open().filter(due_at__lte=as_of)

    def for_list(self) -> "LabOrderQuerySet":
        return self.select_related("patient", "test", "panel", "doctor")

    def most_urgent_first(self) -> "LabOrderQuerySet":
        return self.order_by(URGENT_FIRST, "due_at", "test__position", "pk")

    def matching(self, text: str) -> "LabOrderQuerySet":
        """Orders with the label, or of the patients whom the text finds."""
        labelled = self.filter(label=text.strip())
        return labelled if labelled.exists() else super().matching(text)


class LabResultQuerySet(SignedQuerySet):
    def waiting(self) -> "LabResultQuerySet":
        """Released, and no doctor has acknowledged them."""
        return self.filter(status=LabResultStatus.RELEASED)

    def given(self) -> "LabResultQuerySet":
        """Released, whether acknowledged or not."""
        return self.filter(status__in=sorted(GIVEN))

    def current(self) -> "LabResultQuerySet":
        """The one that the laboratory works on: neither corrected nor withdrawn with its sample."""
        return self.filter(replaced_by__isnull=True).exclude(status=LabResultStatus.WITHDRAWN)

    def latest(self) -> "LabResultQuerySet":
        """Without those of which a correction has been released."""
        return self._without_later(GIVEN)

    def for_patients(self) -> "LabResultQuerySet":
        """Acknowledged; a corrected one until a correction is acknowledged too."""
        acknowledged = LabResultStatus.ACKNOWLEDGED
        return self.filter(status=acknowledged)._without_later([acknowledged])

    def _without_later(self, statuses: Iterable[str]) -> "LabResultQuerySet":
        """Without those of which a later result at one of the statuses exists, however often corrected."""
        later = self.model._base_manager.filter(order=OuterRef("order"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later.filter(status__in=sorted(statuses)).order_by()))

    def for_inbox_of(self, user, overdue_since: datetime) -> "LabResultQuerySet":
        """What the user ordered, or a doctor whom they cover, and what is overdue in their department."""
        escalated = Q(order__doctor__department__head__user=user, released_at__lte=overdue_since)
        covered = Q(order__doctor__in=doctors_covered_by(user))
        return self.waiting().filter(Q(order__doctor__user=user) | covered | escalated)

    def overdue_below(self, user, overdue_since: datetime) -> "LabResultQuerySet":
        """What has waited too long in the user's department and is closed to the user as its head."""
        headed = self.waiting().filter(
            order__doctor__department__head__user=user, released_at__lte=overdue_since
        )
        return headed.exclude(pk__in=self.model.objects.visible_to(user).order_by().values("pk"))

    def for_list(self) -> "LabResultQuerySet":
        return self.select_related("patient", "order__test", "order__panel", "order__doctor", "file")

    def for_report(self) -> "LabResultQuerySet":
        """With the people who worked on it and the result that it replaces."""
        rows = ("patient", "order__test", "order__panel", "order__doctor__department")
        return self.select_related(
            *rows, "file", "verified_by", "acknowledged_by", "replaces__order__test", "replaced_by"
        )

    def with_corrections(self) -> "LabResultQuerySet":
        """With what `is_corrected` and `is_in_correction` read."""
        return self.prefetch_related("order__results")

    def critical_first(self) -> "LabResultQuerySet":
        return self.order_by(CRITICAL_FIRST, "released_at", "pk")
