from datetime import date

from django.db.models import Q

from clinical.querysets.signed import SignedQuerySet
from clinical.statuses import DrugSchedule
from clinical.statuses.prescriptions import IN_FORCE, SIGNED

# Of items: they were handed out, also if the prescription was withdrawn afterwards.
IN_H1_REGISTER = Q(drug_schedule=DrugSchedule.H1, prescription__dispensed_at__isnull=False)


class PrescriptionQuerySet(SignedQuerySet):
    def signed(self) -> "PrescriptionQuerySet":
        return self.filter(status__in=sorted(SIGNED))

    def in_force(self) -> "PrescriptionQuerySet":
        """Signed and not withdrawn."""
        return self.filter(status__in=sorted(IN_FORCE))

    def valid_on(self, day: date) -> "PrescriptionQuerySet":
        return self.in_force().filter(valid_until__gte=day)

    def for_list(self) -> "PrescriptionQuerySet":
        return self.select_related("patient", "doctor")

    def for_paper(self) -> "PrescriptionQuerySet":
        return self.for_list().select_related("document").prefetch_related("items")


class PrescriptionItemQuerySet(SignedQuerySet):
    def in_force(self, day: date) -> "PrescriptionItemQuerySet":
        """Items of valid prescriptions, with their medicines."""
        valid = Q(prescription__status__in=sorted(IN_FORCE), prescription__valid_until__gte=day)
        return self.filter(valid).select_related("prescription", "medicine")

    def in_h1_register(self) -> "PrescriptionItemQuerySet":
        return self.filter(IN_H1_REGISTER).select_related("prescription")
