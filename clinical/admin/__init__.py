from clinical.admin.allergies import (
    AllergyAdmin,
)
from clinical.admin.attachments import (
    AttachmentAdmin,
)
from clinical.admin.certificates import (
    CertificateAdmin,
)
from clinical.admin.current_medicines import (
    CurrentMedicineAdmin,
)
from clinical.admin.diagnosis_terms import (
    DiagnosisTermAdmin,
)
from clinical.admin.encounters import (
    EmergencyAccessAdmin,
    EncounterAdmin,
)
from clinical.admin.kept import (
    OrderSetAdmin,
    PhraseAdmin,
    PrescriptionTemplateAdmin,
)
from clinical.admin.laboratory import (
    LabOrderAdmin,
    LabPanelAdmin,
    LabResultAdmin,
    LabTestAdmin,
    ReferenceRangeAdmin,
)
from clinical.admin.medicines import (
    IngredientAdmin,
    MedicineAdmin,
)
from clinical.admin.notifiable import (
    NotifiableDiseaseAdmin,
)
from clinical.admin.prescriptions import (
    PrescriptionAdmin,
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
    "AttachmentAdmin",
    "CertificateAdmin",
    "CurrentMedicineAdmin",
    "DiagnosisTermAdmin",
    "EmergencyAccessAdmin",
    "EncounterAdmin",
    "IngredientAdmin",
    "LabOrderAdmin",
    "LabPanelAdmin",
    "LabResultAdmin",
    "LabTestAdmin",
    "MedicineAdmin",
    "NotifiableDiseaseAdmin",
    "OrderSetAdmin",
    "PhraseAdmin",
    "PrescriptionAdmin",
    "PrescriptionTemplateAdmin",
    "ProblemAdmin",
    "ReferenceRangeAdmin",
    "ReviewAdmin",
    "VitalSignsAdmin",
]
