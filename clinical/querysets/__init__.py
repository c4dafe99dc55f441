from clinical.querysets.laboratory import (
    LabOrderQuerySet,
    LabResultQuerySet,
    LabTestQuerySet,
    ReferenceRangeQuerySet,
)
from clinical.querysets.listed import (
    ListedQuerySet,
)
from clinical.querysets.signed import (
    SignedQuerySet,
)
from clinical.querysets.vitals import (
    VitalSignsQuerySet,
)

__all__ = [
    "LabOrderQuerySet",
    "LabResultQuerySet",
    "LabTestQuerySet",
    "ListedQuerySet",
    "ReferenceRangeQuerySet",
    "SignedQuerySet",
    "VitalSignsQuerySet",
]
