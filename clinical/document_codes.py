"""The code that is printed on a document, with which anybody can ask whether the document is genuine."""

from django.utils.crypto import get_random_string

from hms.core.references import ALPHABET

GROUPS, GROUP_LENGTH = 3, 6
LENGTH = GROUPS * GROUP_LENGTH


def new_code() -> str:
    """Eighteen characters of 30 symbols (88 bits), which nobody guesses."""
    return get_random_string(LENGTH, ALPHABET)


def spaced(code: str) -> str:
    """As it is printed: ABCDEF-GHJKMN-PQRSTV."""
    return "-".join(code[at : at + GROUP_LENGTH] for at in range(0, LENGTH, GROUP_LENGTH))


def code_from(text: str) -> str | None:
    """The code that somebody typed, in small letters, with or without hyphens; None if it is none."""
    code = "".join(text.upper().replace("-", " ").split())
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
