"""GSTIN, the GST number of a registered business: 15 characters, the last is a check character."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# State code, PAN (five letters, four digits, a letter), registration number, Z, check character.
SHAPE = re.compile(r"\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]")


def check_character(first_fourteen: str) -> str:
    """Alternating weights 1 and 2 from the left, base-36 digits of each product summed, complement to 36."""
    total = 0
    for position, character in enumerate(first_fourteen):
        weighted = ALPHABET.index(character) * (1 + position % 2)
        total += weighted // 36 + weighted % 36
    return ALPHABET[-total % 36]


def validate_gstin(value: str) -> None:
    """Refuse a value with the wrong format or the wrong check character."""
    if not SHAPE.fullmatch(value) or check_character(value[:14]) != value[14]:
        raise ValidationError(_("This is not a valid GSTIN."), code="gstin")
