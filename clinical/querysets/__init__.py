from clinical.querysets.listed import ListedQuerySet
from clinical.querysets.signed import SignedQuerySet

__all__ = ["ListedQuerySet", "SignedQuerySet"]
