from clinical.models.allergy import Allergy
from clinical.models.record import ClinicalRecord

__all__ = ["Allergy", "ClinicalRecord"]
