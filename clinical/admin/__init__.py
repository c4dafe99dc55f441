from clinical.admin.allergies import AllergyAdmin
from clinical.admin.encounters import EmergencyAccessAdmin, EncounterAdmin
from clinical.admin.problems import ProblemAdmin

__all__ = ["AllergyAdmin", "EmergencyAccessAdmin", "EncounterAdmin", "ProblemAdmin"]
