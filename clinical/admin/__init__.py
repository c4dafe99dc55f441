from clinical.admin.allergies import AllergyAdmin
from clinical.admin.current_medicines import CurrentMedicineAdmin
from clinical.admin.encounters import EmergencyAccessAdmin, EncounterAdmin
from clinical.admin.medicines import IngredientAdmin, MedicineAdmin
from clinical.admin.prescriptions import PrescriptionAdmin, PrescriptionTemplateAdmin

__all__ = [
    "AllergyAdmin",
    "CurrentMedicineAdmin",
    "EmergencyAccessAdmin",
    "EncounterAdmin",
    "IngredientAdmin",
    "MedicineAdmin",
    "PrescriptionAdmin",
    "PrescriptionTemplateAdmin",
]
