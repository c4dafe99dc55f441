from clinical.statuses.allergies import CURRENT, AllergyCategory, AllergyStatus, Criticality
from clinical.statuses.medicines import (
    CurrentMedicineStatus,
    DoseForm,
    DrugSchedule,
    MedicineSource,
    Route,
    StrengthPer,
    TelemedicineList,
)
from clinical.statuses.prescriptions import DoseUnit, PrescriptionStatus, Severity

__all__ = [
    "CURRENT",
    "AllergyCategory",
    "AllergyStatus",
    "Criticality",
    "CurrentMedicineStatus",
    "DoseForm",
    "DoseUnit",
    "DrugSchedule",
    "MedicineSource",
    "PrescriptionStatus",
    "Route",
    "Severity",
    "StrengthPer",
    "TelemedicineList",
]
