from clinical.querysets.signed import SignedQuerySet


class DocumentCodeQuerySet(SignedQuerySet):
    def of_sample(self, order) -> "DocumentCodeQuerySet":
        """Those of the reports on the sample of a laboratory order, the latest first."""
        same = {"lab_results__order__label": order.label, "patient": order.patient_id}
        return self.filter(**same).order_by("-pk")

    def of_the_holder(self, code: str) -> "DocumentCodeQuerySet":
        """What the public page says to whoever holds the document; the read is logged."""
        found = self.filter(code=code).only("kind", "issued_on", "issuer", "status", "patient_id")
        found.is_shown = True
        return found
