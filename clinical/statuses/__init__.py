from clinical.statuses.allergies import CURRENT, AllergyCategory, AllergyStatus, Criticality
from clinical.statuses.vitals import Consciousness, GlucoseKind, VitalSignsStatus

__all__ = [
    "CURRENT",
    "AllergyCategory",
    "AllergyStatus",
    "Consciousness",
    "Criticality",
    "GlucoseKind",
    "VitalSignsStatus",
]
