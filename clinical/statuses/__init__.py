from clinical.statuses.allergies import CURRENT, AllergyCategory, AllergyStatus, Criticality

__all__ = ["CURRENT", "AllergyCategory", "AllergyStatus", "Criticality"]
