from clinical.models.allergy import (
    Allergy,
)
from clinical.models.diagnosis_term import (
    DiagnosisSource,
    DiagnosisTerm,
)
from clinical.models.emergency import (
    EmergencyAccess,
)
from clinical.models.encounter import (
    Addendum,
    Diagnosis,
    Encounter,
)
from clinical.models.listed import (
    ListedRecord,
)
from clinical.models.problem import (
    Problem,
)
from clinical.models.record import (
    ClinicalRecord,
)
from clinical.models.review import (
    Review,
)
from clinical.models.signed import (
    Signed,
)
from clinical.models.vitals import (
    VitalSigns,
)

__all__ = [
    "Addendum",
    "Allergy",
    "ClinicalRecord",
    "Diagnosis",
    "DiagnosisSource",
    "DiagnosisTerm",
    "EmergencyAccess",
    "Encounter",
    "ListedRecord",
    "Problem",
    "Review",
    "Signed",
    "VitalSigns",
]
