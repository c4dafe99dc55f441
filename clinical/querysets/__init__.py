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
    "ListedQuerySet",
    "SignedQuerySet",
    "VitalSignsQuerySet",
]
