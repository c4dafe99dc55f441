"""Codes in the links of messages: a reference, and a part of a keyed hash over what the link is for.

96 bits that nobody can guess, and short enough for an SMS. No table keeps them. Whoever ceases to act for a
patient holds old messages: the codes in them end with that, for everybody, and the next message has others.
"""

from base64 import urlsafe_b64encode
from datetime import UTC

from django.db.models import DateField, DateTimeField, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import Guardianship
from hms.core.references import REFERENCE_LENGTH

HASH_BYTES = 12


def with_end_of_care(rows: QuerySet) -> QuerySet:
    """Visits or offers that know when care for their patient last ended, which their codes depend on."""
    held = Guardianship.objects.filter(patient=OuterRef("patient")).order_by().values("patient")
    over = held.filter(ends_on__lte=timezone.localdate())
    revoked = Subquery(held.annotate(at=Max("revoked_at")).values("at"), output_field=DateTimeField())
    ended = Subquery(over.annotate(on=Max("ends_on")).values("on"), output_field=DateField())
    return rows.annotate(care_revoked_at=revoked, care_ended_on=ended)


def code_for(row, said: str, *, salt: str) -> str:
    """The code for a row; a row that was not read with `with_end_of_care` costs a query."""
    digest = salted_hmac(salt, said + _end_of_care(row), algorithm="sha256").digest()
    return row.reference + urlsafe_b64encode(digest[:HASH_BYTES]).decode()


def _end_of_care(row) -> str:
    if not hasattr(row, "care_revoked_at"):
        row = with_end_of_care(type(row)._base_manager.filter(pk=row.pk)).only("pk", "patient").get()
    revoked_at, ended_on = row.care_revoked_at, row.care_ended_on
    moment = revoked_at.astimezone(UTC).isoformat() if revoked_at else ""
    return f" {moment} {ended_on or ''}" if moment or ended_on else ""


def reference_of(code: str) -> str:
    """The reference that a code begins with; whether the code is right is not known yet."""
    return code[:REFERENCE_LENGTH]


def is_same(code: str, other: str) -> bool:
    return constant_time_compare(code, other)
