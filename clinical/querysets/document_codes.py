from clinical.querysets.signed import SignedQuerySet


class DocumentCodeQuerySet(SignedQuerySet):
    def of_the_holder(self, code: str) -> "DocumentCodeQuerySet":
        """What the public page says to whoever holds the document; the read is logged."""
        found = self.filter(code=code).only("kind", "issued_on", "issuer", "status", "patient_id")
        found.is_shown = True
        return found
