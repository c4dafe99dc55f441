from django.db import models

from clinical.terms.folding import folded

BUILT_IN = "Built in"


class DiagnosisTermQuerySet(models.QuerySet):
    def offered(self) -> "DiagnosisTermQuerySet":
        """What the search finds: active diagnoses of the editions loaded last."""
        return self.filter(is_active=True, is_current=True)

    def built_in_first(self) -> "DiagnosisTermQuerySet":
        """In the order in which equally good ones are shown; a source has its common ones first."""
        is_other = models.Case(models.When(source__name=BUILT_IN, then=0), default=1)
        return self.order_by(is_other, "source", "pk")

    def matching(self, text: str) -> "DiagnosisTermQuerySet":
        """Those whose names contain all the words, or parts of words, of the text."""
        for word in folded(text).split():
            self = self.filter(search_key__contains=word)
        return self
