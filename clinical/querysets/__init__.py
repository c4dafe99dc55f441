from clinical.querysets.allergies import AllergyQuerySet
from clinical.querysets.signed import SignedQuerySet

__all__ = ["AllergyQuerySet", "SignedQuerySet"]
