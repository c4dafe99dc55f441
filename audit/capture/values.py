"""Values as the log stores them: plain JSON, the same form on every database.

Decimals are text with the column's places, moments are ISO 8601 in UTC, files are their names,
binary data is a digest. A value that was assigned (`"2026-01-05"`, a float, a choice) and the one
that is read back from the column have the same form, so that comparing is enough.
"""

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.utils import format_number
from django.utils.duration import duration_iso_string

from audit.signing.canonical import encoded
from audit.signing.keys import OF_VALUES, digest, key_of, writing_key

PLAIN = (int, float, bool, type(None))
TEXT = (models.CharField, models.TextField, models.EmailField, models.SlugField)


def logged_value(field: models.Field, value: Any) -> Any:
    """Return the value of a column as JSON."""
    if type(value) is str and type(field) in TEXT:  # the shortest way for what there is most of
        return value
    if type(value) is dt.datetime and value.tzinfo and type(field) is models.DateTimeField:
        return _moment(value)
    if isinstance(value, models.Model):
        value = getattr(value, field.target_field.attname)
    if type(value) in PLAIN and not isinstance(field, models.DecimalField | models.CharField):
        return value
    value = field.get_prep_value(value)
    if isinstance(field, models.DecimalField) and value is not None:
        return format_number(value, field.max_digits, field.decimal_places)
    return _as_json(value)


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _digest(value: bytes) -> str:
    return f"sha256:{hashlib.sha256(value).hexdigest()}"


def _structure(value: Any) -> Any:
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


# The first that fits: a bool is an int, a moment is a date, a choice is a str or an int.
FORMS = (
    ((type(None), bool, float), lambda value: value),
    (str, str),
    (int, int),
    (dt.datetime, _moment),
    ((dt.date, dt.time), lambda value: value.isoformat()),
    (dt.timedelta, duration_iso_string),
    ((bytes, bytearray, memoryview), _digest),
    ((dict, list, tuple), _structure),
    (Decimal, "{:f}".format),
)


def _as_json(value: Any) -> Any:
    form = next((form for types, form in FORMS if isinstance(value, types)), str)
    return form(value)


def is_expression(value: Any) -> bool:
    """Whether only the database can compute the value."""
    return hasattr(value, "resolve_expression")


MASK = "•••"
DIGITS = 16


def masked(label: str, column: str, pk: Any, value: Any) -> str | None:
    """A keyed fingerprint of a value that must not be logged: `•••2:90ab…` (key version 2); None for None.

    It differs from row to row and reveals nothing without the key, but shows whether the table still has
    the logged value.
    """
    if value is None:
        return None
    version, key = writing_key(OF_VALUES)
    return f"{MASK}{version}:{_fingerprint(key, label, column, pk, value)}"


def is_of(text: str | None, label: str, column: str, pk: Any, value: Any) -> bool:
    """Whether the fingerprint is of this value; True if its key is unknown."""
    if text is None or value is None:
        return text is value
    version, _, fingerprint = text.removeprefix(MASK).partition(":")
    key = key_of(int(version), OF_VALUES) if version else None
    return key is None or fingerprint == _fingerprint(key, label, column, pk, value)


def without_fingerprint(value: Any) -> Any:
    """What people are shown."""
    return MASK if isinstance(value, str) and value.startswith(MASK) else value


def _fingerprint(key: bytes, label: str, column: str, pk: Any, value: Any) -> str:
    return digest(key, encoded([label, column, str(pk), value]).encode())[:DIGITS]
