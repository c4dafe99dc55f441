from django.db.models import Q

from clinical.querysets.signed import SignedQuerySet


class CertificateQuerySet(SignedQuerySet):
    def matching(self, text: str) -> "CertificateQuerySet":
        """By its number, or like the rows of the patients whom the text finds."""
        if "/" in text:
            return self.filter(Q(number__startswith=text.strip().upper()))
        return super().matching(text)

    def for_paper(self) -> "CertificateQuerySet":
        return self.select_related("document", "patient", "replaced_by")
