from clinical.querysets.attachments import (
    AttachmentQuerySet,
)
from clinical.querysets.certificates import (
    CertificateQuerySet,
)
from clinical.querysets.document_codes import (
    DocumentCodeQuerySet,
)
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
    "AttachmentQuerySet",
    "CertificateQuerySet",
    "CurrentMedicineQuerySet",
    "DocumentCodeQuerySet",
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
