from clinical.querysets.laboratory import (
    LabOrderQuerySet,
    LabResultQuerySet,
    LabTestQuerySet,
    ReferenceRangeQuerySet,
)
from clinical.querysets.listed import (
    ListedQuerySet,
)
from clinical.querysets.medicines import (
    CurrentMedicineQuerySet,
    MedicineQuerySet,
)
from clinical.querysets.prescriptions import (
    PrescriptionItemQuerySet,
    PrescriptionQuerySet,
)
from clinical.querysets.signed import (
    SignedQuerySet,
)
from clinical.querysets.vitals import (
    VitalSignsQuerySet,
)

__all__ = [
    "CurrentMedicineQuerySet",
    "LabOrderQuerySet",
    "LabResultQuerySet",
    "LabTestQuerySet",
    "ListedQuerySet",
    "MedicineQuerySet",
    "PrescriptionItemQuerySet",
    "PrescriptionQuerySet",
    "ReferenceRangeQuerySet",
    "SignedQuerySet",
    "VitalSignsQuerySet",
]
