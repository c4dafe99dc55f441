"""Public identifiers: random, short enough to read over the telephone, never sequential."""

from django.utils.crypto import get_random_string

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without characters that are easily confused
REFERENCE_LENGTH = 10


def new_reference() -> str:
    """Return ten characters of 30 symbols (49 bits); the column ensures uniqueness."""
    return get_random_string(REFERENCE_LENGTH, ALPHABET)
