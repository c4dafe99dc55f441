from clinical.admin.allergies import AllergyAdmin

__all__ = ["AllergyAdmin"]
