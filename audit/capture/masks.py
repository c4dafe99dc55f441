"""What stands in the log for a value that it may not hold: a sign that it was there, and a keyed fingerprint.

The fingerprint says nothing about the value to who has no key, is another in every row, and is enough to see
that the value in the table is the one that was logged.
"""

from typing import Any

from audit.evidence.canonical import encoded
from audit.evidence.keys import OF_VALUES, digest, key_of, writing_key

MASK = "•••"
DIGITS = 16


def masked(label: str, column: str, pk: Any, value: Any) -> str | None:
    """`•••2:90ab…` for a value of this row under key version 2; nothing for none."""
    if value is None:
        return None
    version, key = writing_key(OF_VALUES)
    return f"{MASK}{version}:{_fingerprint(key, label, column, pk, value)}"


def is_of(text: str | None, label: str, column: str, pk: Any, value: Any) -> bool:
    """Whether the log's text stands for this value; yes also where nobody can tell any more."""
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
