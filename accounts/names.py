"""Normalisation of what people type, and search keys for names."""

from django.db.models import Q

from hms.core.typed_text import clean_text, without_joiners

NAME_LENGTH = 120
LAST_CHARACTER = "\U0010ffff"


def tidy(text: str) -> str:
    """Without unseen characters, with single spaces between words."""
    return " ".join(clean_text(text).split())


def tidy_email(email: str) -> str:
    return clean_text(email).strip().lower()


def tidy_postcode(postcode: str, country: str) -> str:
    """Upper case; an Indian PIN code without its space."""
    words = clean_text(postcode).upper().split()
    return ("" if is_india(country) else " ").join(words)


def is_india(country: str) -> bool:
    return country.strip().casefold() in {"india", "bharat", "in"}


def folded(text: str) -> str:
    """The text for a search: tidy and case-folded, without joiners, which many keyboards do not have."""
    return tidy(without_joiners(text)).casefold()


def name_key(name: str) -> str:
    """The name for the search, as long as its column."""
    return folded(name)[:NAME_LENGTH]


def family_key(name: str) -> str:
    """The last word of the name for the search; empty if there is only one word."""
    words = name_key(name).split()
    return words[-1] if len(words) > 1 else ""


def starts_with(field: str, prefix: str) -> Q:
    """A prefix search as a range, which both databases answer from an index."""
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix + LAST_CHARACTER})
