from clinical.admin.allergies import (
    AllergyAdmin,
)
from clinical.admin.diagnosis_terms import (
    DiagnosisTermAdmin,
)
from clinical.admin.encounters import (
    EmergencyAccessAdmin,
    EncounterAdmin,
)
from clinical.admin.problems import (
    ProblemAdmin,
)
from clinical.admin.reviews import (
    ReviewAdmin,
)
from clinical.admin.vitals import (
    VitalSignsAdmin,
)

__all__ = [
    "AllergyAdmin",
    "DiagnosisTermAdmin",
    "EmergencyAccessAdmin",
    "EncounterAdmin",
    "ProblemAdmin",
    "ReviewAdmin",
    "VitalSignsAdmin",
]
