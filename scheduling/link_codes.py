"""Codes in the links of messages: a reference, and a part of a keyed hash over what the link is for.

96 bits that nobody can guess, and short enough for an SMS. No table keeps them.
"""

from base64 import urlsafe_b64encode

from django.utils.crypto import constant_time_compare, salted_hmac

from hms.core.references import REFERENCE_LENGTH

HASH_BYTES = 12


def code_for(reference: str, said: str, *, salt: str) -> str:
    digest = salted_hmac(salt, said, algorithm="sha256").digest()
    return reference + urlsafe_b64encode(digest[:HASH_BYTES]).decode()


def reference_of(code: str) -> str:
    """The reference that a code begins with; whether the code is right is not known yet."""
    return code[:REFERENCE_LENGTH]


def is_same(code: str, other: str) -> bool:
    return constant_time_compare(code, other)
