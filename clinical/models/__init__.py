from clinical.models.allergy import Allergy
from clinical.models.current_medicine import CurrentMedicine
from clinical.models.emergency import EmergencyAccess
from clinical.models.encounter import Addendum, Diagnosis, Encounter
from clinical.models.medicine import Ingredient, Medicine, MedicineIngredient
from clinical.models.prescription import Prescription, PrescriptionItem, PrescriptionTemplate
from clinical.models.record import ClinicalRecord
from clinical.models.signed import Signed

__all__ = [
    "Addendum",
    "Allergy",
    "ClinicalRecord",
    "CurrentMedicine",
    "Diagnosis",
    "EmergencyAccess",
    "Encounter",
    "Ingredient",
    "Medicine",
    "MedicineIngredient",
    "Prescription",
    "PrescriptionItem",
    "PrescriptionTemplate",
    "Signed",
]
