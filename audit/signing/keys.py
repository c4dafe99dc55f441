"""The keys under which the log is hashed: `AUDIT_KEYS=1:<base64>,2:<base64>` in the environment.

The highest version writes, every version verifies; so a key is replaced by adding one. Version 0 is
derived from SECRET_KEY and used if no key is set, which is enough for a demo. A hospital needs a key
that the database's administrator does not know.
"""

import base64
import binascii
import hmac
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SHORTEST = 32
OF_ROWS, OF_SEALS, OF_VALUES = b"rows", b"seals", b"values"


def writing_key(purpose: bytes = OF_ROWS) -> tuple[int, bytes]:
    """The newest version and its key."""
    keys = _keys(tuple(settings.AUDIT_KEYS), settings.SECRET_KEY, purpose)
    version = next(reversed(keys))
    return version, keys[version]


def key_of(version: int, purpose: bytes = OF_ROWS) -> bytes | None:
    """The key of this version; None if it is unknown."""
    return _keys(tuple(settings.AUDIT_KEYS), settings.SECRET_KEY, purpose).get(version)


def digest(key: bytes, content: bytes) -> str:
    return hmac.digest(key, content, "sha256").hex()


@cache
def _keys(given: tuple[str, ...], secret: str, purpose: bytes) -> dict[int, bytes]:
    """Keys by version, ascending; a separate key per purpose, so no hash can stand in for another."""
    derived = hmac.digest(secret.encode(), b"audit log, version 0", "sha256")
    keys = {0: derived} | parse(given)
    return {version: hmac.digest(keys[version], purpose, "sha256") for version in sorted(keys)}


def parse(given: tuple[str, ...]) -> dict[int, bytes]:
    """Raises ImproperlyConfigured for anything but versions from 1 on with base64 keys."""
    keys: dict[int, bytes] = {}
    for item in given:
        version, _, text = item.partition(":")
        try:
            number, key = int(version), base64.b64decode(text, validate=True)
        except (ValueError, binascii.Error) as error:
            raise ImproperlyConfigured("AUDIT_KEYS is a list like 1:<base64>,2:<base64>.") from error
        if number < 1 or number in keys or not key:
            raise ImproperlyConfigured("Versions in AUDIT_KEYS are different numbers from 1 on.")
        keys[number] = key
    return keys
