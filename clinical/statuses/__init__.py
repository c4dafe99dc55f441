from clinical.statuses.allergies import (
    CURRENT_ALLERGIES,
    AllergyCategory,
    AllergyStatus,
    Criticality,
)
from clinical.statuses.attachments import (
    AttachmentKind,
    AttachmentStatus,
    FileType,
)
from clinical.statuses.certificates import (
    CertificateKind,
    CertificateStatus,
)
from clinical.statuses.documents import (
    DocumentKind,
    DocumentStatus,
)
from clinical.statuses.laboratory import (
    CRITICAL,
    FINAL,
    GIVEN,
    JUDGED,
    OPEN,
    UNUSUAL,
    Container,
    Flag,
    LabOrderStatus,
    LabResultStatus,
    LabSection,
    RangeGap,
    RangeSex,
    ResultKind,
    Specimen,
    Urgency,
)
from clinical.statuses.listed import (
    ENTERED_IN_ERROR,
    NEED_REASON,
)
from clinical.statuses.medicines import (
    CurrentMedicineStatus,
    DoseForm,
    DrugSchedule,
    MedicineSource,
    Route,
    StrengthPer,
    TelemedicineList,
)
from clinical.statuses.prescriptions import (
    DoseUnit,
    InteractionLevel,
    PrescriptionStatus,
    Severity,
)
from clinical.statuses.vitals import (
    Consciousness,
    GlucoseKind,
    VitalSignsStatus,
)

__all__ = [
    "CRITICAL",
    "CURRENT_ALLERGIES",
    "ENTERED_IN_ERROR",
    "FINAL",
    "GIVEN",
    "JUDGED",
    "NEED_REASON",
    "OPEN",
    "UNUSUAL",
    "AllergyCategory",
    "AllergyStatus",
    "AttachmentKind",
    "AttachmentStatus",
    "CertificateKind",
    "CertificateStatus",
    "Consciousness",
    "Container",
    "Criticality",
    "CurrentMedicineStatus",
    "DocumentKind",
    "DocumentStatus",
    "DoseForm",
    "DoseUnit",
    "DrugSchedule",
    "FileType",
    "Flag",
    "GlucoseKind",
    "InteractionLevel",
    "LabOrderStatus",
    "LabResultStatus",
    "LabSection",
    "MedicineSource",
    "PrescriptionStatus",
    "RangeGap",
    "RangeSex",
    "ResultKind",
    "Route",
    "Severity",
    "Specimen",
    "StrengthPer",
    "TelemedicineList",
    "Urgency",
    "VitalSignsStatus",
]
