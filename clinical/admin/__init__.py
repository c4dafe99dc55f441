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
from clinical.admin.laboratory import (
    LabOrderAdmin,
    LabPanelAdmin,
    LabResultAdmin,
    LabTestAdmin,
    ReferenceRangeAdmin,
)
from clinical.admin.problems import (
    ProblemAdmin,
)
from clinical.admin.vitals import (
    VitalSignsAdmin,
)

__all__ = [
    "AllergyAdmin",
    "DiagnosisTermAdmin",
    "EmergencyAccessAdmin",
    "EncounterAdmin",
    "LabOrderAdmin",
    "LabPanelAdmin",
    "LabResultAdmin",
    "LabTestAdmin",
    "ProblemAdmin",
    "ReferenceRangeAdmin",
    "VitalSignsAdmin",
]
