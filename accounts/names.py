"""How what people type is tidied before it is kept, and how names are found again by an index."""

import unicodedata

from django.db.models import Q

NAME_LENGTH = 120
LAST_CHARACTER = "\U0010ffff"


def tidy(text: str) -> str:
    """One form of each character, and one blank between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tidy_email(email: str) -> str:
    return email.strip().lower()


def tidy_postcode(postcode: str, country: str) -> str:
    """Capitals; an Indian PIN without its blank."""
    words = postcode.upper().split()
    return ("" if is_india(country) else " ").join(words)


def is_india(country: str) -> bool:
    return country.strip().casefold() in {"india", "bharat", "in"}


def name_key(name: str) -> str:
    """The name as the search compares it: tidy, without case."""
    return tidy(name).casefold()[:NAME_LENGTH]


def family_key(name: str) -> str:
    """The last word of the name, as the search compares it; empty when there is only one word."""
    words = name_key(name).split()
    return words[-1] if len(words) > 1 else ""


def starts_with(field: str, prefix: str) -> Q:
    """The column begins with `prefix`; a range, because both databases answer that from an index."""
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix + LAST_CHARACTER})
