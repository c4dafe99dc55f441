from clinical.admin.allergies import AllergyAdmin
from clinical.admin.encounters import EmergencyAccessAdmin, EncounterAdmin

__all__ = ["AllergyAdmin", "EmergencyAccessAdmin", "EncounterAdmin"]
