from clinical.models.allergy import (
    Allergy,
)
from clinical.models.attachment import (
    Attachment,
)
from clinical.models.certificate import (
    Certificate,
)
from clinical.models.current_medicine import (
    CurrentMedicine,
)
from clinical.models.diagnosis_term import (
    DiagnosisSource,
    DiagnosisTerm,
)
from clinical.models.document_code import (
    DocumentCode,
)
from clinical.models.emergency import (
    EmergencyAccess,
)
from clinical.models.encounter import (
    Addendum,
    Diagnosis,
    Encounter,
)
from clinical.models.interaction import (
    Interaction,
    InteractionSource,
)
from clinical.models.kept import (
    Kept,
)
from clinical.models.lab_order import (
    LabOrder,
)
from clinical.models.lab_result import (
    LabResult,
)
from clinical.models.lab_test import (
    LabPanel,
    LabTest,
    ReferenceRange,
)
from clinical.models.listed import (
    ListedRecord,
)
from clinical.models.medicine import (
    Ingredient,
    Medicine,
    MedicineIngredient,
)
from clinical.models.notifiable import (
    NotifiableDisease,
)
from clinical.models.order_set import (
    OrderSet,
)
from clinical.models.phrase import (
    Phrase,
)
from clinical.models.prescription import (
    Prescription,
    PrescriptionItem,
    PrescriptionTemplate,
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
    "Attachment",
    "Certificate",
    "ClinicalRecord",
    "CurrentMedicine",
    "Diagnosis",
    "DiagnosisSource",
    "DiagnosisTerm",
    "DocumentCode",
    "EmergencyAccess",
    "Encounter",
    "Ingredient",
    "Interaction",
    "InteractionSource",
    "Kept",
    "LabOrder",
    "LabPanel",
    "LabResult",
    "LabTest",
    "ListedRecord",
    "Medicine",
    "MedicineIngredient",
    "NotifiableDisease",
    "OrderSet",
    "Phrase",
    "Prescription",
    "PrescriptionItem",
    "PrescriptionTemplate",
    "Problem",
    "ReferenceRange",
    "Review",
    "Signed",
    "VitalSigns",
]
