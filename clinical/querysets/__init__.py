from clinical.querysets.allergies import AllergyQuerySet

__all__ = ["AllergyQuerySet"]
