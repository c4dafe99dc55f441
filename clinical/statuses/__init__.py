from clinical.statuses.allergies import (
    CURRENT_ALLERGIES,
    AllergyCategory,
    AllergyStatus,
    Criticality,
)
from clinical.statuses.listed import (
    ENTERED_IN_ERROR,
    NEED_REASON,
)
from clinical.statuses.vitals import (
    Consciousness,
    GlucoseKind,
    VitalSignsStatus,
)

__all__ = [
    "CURRENT_ALLERGIES",
    "ENTERED_IN_ERROR",
    "NEED_REASON",
    "AllergyCategory",
    "AllergyStatus",
    "Consciousness",
    "Criticality",
    "GlucoseKind",
    "VitalSignsStatus",
]
