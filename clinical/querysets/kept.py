from typing import Self

from django.db.models import F, Q

from audit.capture.querysets import AuditedQuerySet
from scheduling.models import Department


class KeptQuerySet(AuditedQuerySet):
    def readable_by(self, user) -> Self:
        """A doctor's own, and those of the departments that the doctor belongs to or heads."""
        departments = Department.objects.filter(Q(doctors__user=user) | Q(head__user=user))
        return self.filter(Q(doctor__user=user) | Q(department__in=departments.order_by().values("pk")))

    def own_first(self, name: str) -> Self:
        return self.order_by(F("department").asc(nulls_first=True), name, "pk")

    def usable_by(self, user) -> Self:
        return self.readable_by(user).filter(is_active=True)
