from clinical.statuses.allergies import CURRENT_ALLERGIES, AllergyCategory, AllergyStatus, Criticality
from clinical.statuses.listed import ENTERED_IN_ERROR, NEED_REASON

__all__ = [
    "CURRENT_ALLERGIES",
    "ENTERED_IN_ERROR",
    "NEED_REASON",
    "AllergyCategory",
    "AllergyStatus",
    "Criticality",
]
