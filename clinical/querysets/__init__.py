from clinical.querysets.allergies import AllergyQuerySet
from clinical.querysets.medicines import CurrentMedicineQuerySet, MedicineQuerySet
from clinical.querysets.prescriptions import PrescriptionItemQuerySet, PrescriptionQuerySet
from clinical.querysets.signed import SignedQuerySet

__all__ = [
    "AllergyQuerySet",
    "CurrentMedicineQuerySet",
    "MedicineQuerySet",
    "PrescriptionItemQuerySet",
    "PrescriptionQuerySet",
    "SignedQuerySet",
]
