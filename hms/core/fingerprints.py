"""Fingerprints: one keyed digest of each value that a form showed.

Optimistic concurrency: nothing is locked while a form is open. When it is submitted, the digests show for
each field whether the database has changed since, and whether the person changed the value.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import singledispatch
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.utils.crypto import salted_hmac

BYTES = 9  # of each digest: 72 bits, 12 characters


def fingerprint(row: Model, texts: Mapping[str, str]) -> str:
    """`name:digest` for each value, separated by blanks."""
    return " ".join(f"{name}:{digest(row, name, text)}" for name, text in texts.items())


def fingerprint_of(row: Model, columns: Iterable[str]) -> str:
    """The fingerprint of these columns of the row."""
    return fingerprint(row, {name: text_of(getattr(row, name)) for name in columns})


def parse_fingerprint(sent: str) -> dict[str, str]:
    """The digests by name; text that is no fingerprint gives names that no field has."""
    pairs = (word.partition(":") for word in sent.split())
    return {name: value for name, _colon, value in pairs}


def digest(row: Model, name: str, text: str) -> str:
    """A keyed digest, so that values cannot be guessed; equal values of two rows have different digests."""
    label = row._meta.concrete_model._meta.label_lower
    message = json.dumps([label, str(row.pk), name, text])
    mac = salted_hmac("hms.core.fingerprints", message, algorithm="sha256").digest()
    return urlsafe_b64encode(mac[:BYTES]).decode()


@singledispatch
def text_of(value: Any) -> str:
    """A text that is equal for a saved value and for the same value submitted by a form.

    Lines count, blanks within a line do not: services tidy them.
    """
    return "\n".join(" ".join(line.split()) for line in str(value).strip().splitlines())


@text_of.register
def _(_nothing: None) -> str:
    return ""


@text_of.register
def _(file: File) -> str:
    return file.name or ""


@text_of.register
def _(new_file: UploadedFile) -> str:
    return f"new file {new_file.name}"


@text_of.register
def _(row: Model) -> str:
    return str(row.pk)


@text_of.register
def _(number: Decimal) -> str:
    return f"{number.normalize():f}"


@text_of.register
def _(moment: datetime) -> str:
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    return moment.replace(microsecond=0).isoformat()


@text_of.register(date)
@text_of.register(time)
def _(day_or_time: date | time) -> str:
    return day_or_time.isoformat()


@text_of.register(list)
@text_of.register(tuple)
@text_of.register(set)
@text_of.register(QuerySet)
def _(several: Iterable) -> str:
    return ",".join(sorted(map(text_of, several)))
