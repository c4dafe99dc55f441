"""The form of words by which diagnoses are found, alike on every database because Python makes it."""

import re
import unicodedata

from accounts.names import tidy
from hms.core.typed_text import without_accents

APOSTROPHES = re.compile("['\u2019\u02bc`]")
DOT_OF_A_CODE = re.compile(r"(?<=\w)\.(?=\d)")
BETWEEN = "|"  # between the names of one diagnosis, and around them
SPELLINGS = (("ae", "e"), ("oe", "e"))  # anaemia and anemia, oedema and edema


def folded(text: str) -> str:
    """Words in lower case without accents and punctuation: "Ménière's, E11.9" is "menieres e119"."""
    plain = without_accents(tidy(text).casefold())
    plain = DOT_OF_A_CODE.sub("", APOSTROPHES.sub("", plain))
    return " ".join("".join(c if _is_of_a_word(c) else " " for c in plain).split())


def search_key(*names: str) -> str:
    """All names of one diagnosis, its code among them, in British and American spelling, between bars."""
    keys = [key for key in map(folded, names) if key]
    american = [key.replace(*spelling) for key in keys for spelling in SPELLINGS]
    return BETWEEN + "".join(key + BETWEEN for key in dict.fromkeys([*keys, *american]))


def as_whole_name(text: str) -> str:
    """What a search key contains if the folded text is one of its names."""
    return f"{BETWEEN}{text}{BETWEEN}"


def as_beginning(text: str) -> str:
    """What a search key contains if one of its names begins with the folded text."""
    return f"{BETWEEN}{text}"


def _is_of_a_word(character: str) -> bool:
    """Letters and digits, and the vowel signs of Indic scripts."""
    return character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")
