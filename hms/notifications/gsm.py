"""Texts of SMS: in the 7-bit alphabet of GSM 03.38, in which one message has 160 characters."""

import unicodedata
from collections.abc import Callable, Mapping

LONGEST = 160
SHORTENED = ("doctor", "hospital", "patient", "place", "who")
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TAKES_TWO = frozenset("^{}\\[~]|€")
INSTEAD = {
    "₹": "Rs ",
    "…": "...",
    "\u00a0": " ",
    "“": '"',
    "”": '"',
    "\u2018": "'",
    "\u2019": "'",
    "\u2013": "-",
    "\u2014": "-",
}


def length(text: str) -> int:
    return sum(1 + (character in TAKES_TWO) for character in text)


def in_gsm(text: str) -> str:
    """The text in that alphabet: marks are dropped from letters, and what it cannot say becomes a `?`."""
    return "".join(
        _in_gsm(INSTEAD.get(character, character)) for character in unicodedata.normalize("NFC", text)
    )


def _in_gsm(characters: str) -> str:
    if all(character in BASIC or character in TAKES_TWO for character in characters):
        return characters
    letters = (each for each in unicodedata.normalize("NFKD", characters) if not unicodedata.combining(each))
    return "".join(each if each in BASIC or each in TAKES_TWO else "?" for each in letters)


def fitting(fill: Callable[[Mapping[str, str]], str], values: Mapping[str, str]) -> str:
    """One SMS: what `fill` makes of the values, with names of people and places as short as is needed."""
    values = {name: in_gsm(value) for name, value in values.items()}
    for name in SHORTENED:
        over = length(in_gsm(fill(values))) - LONGEST
        if over > 0 and name in values:
            values[name] = shortened(values[name], max(length(values[name]) - over, 0))
    return shortened(in_gsm(fill(values)), LONGEST)


def shortened(text: str, most: int) -> str:
    """The beginning of a text that fits into so many places."""
    while length(text) > most:
        text = text[:-1]
    return text
