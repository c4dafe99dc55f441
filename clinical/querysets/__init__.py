from clinical.querysets.allergies import AllergyQuerySet
from clinical.querysets.signed import SignedQuerySet
from clinical.querysets.vitals import VitalSignsQuerySet

__all__ = ["AllergyQuerySet", "SignedQuerySet", "VitalSignsQuerySet"]
