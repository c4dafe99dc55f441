"""Refuses long passwords that are easy to guess; lists of common passwords contain hardly any."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FEWEST_CHARACTERS = 6
ROWS = ("1234567890" * 4, "abcdefghijklmnopqrstuvwxyz" * 2, "qwertyuiopasdfghjklzxcvbnm" * 2)


class PredictablePasswordValidator:
    """Refuses repetitions, keyboard rows, the alphabet, and fewer than six different characters."""

    def validate(self, password: str, user=None) -> None:  # noqa: ARG002 - Django's signature
        text = password.casefold()
        if len(set(text)) < FEWEST_CHARACTERS or is_repetition(text) or is_row(text):
            raise ValidationError(
                _("This password is easy to guess. Avoid repetitions and rows of keys."), code="predictable"
            )

    def get_help_text(self) -> str:
        return _("Your password cannot be a repetition or a row of keys.")


def is_repetition(text: str) -> bool:
    return text in (text + text)[1:-1]


def is_row(text: str) -> bool:
    return any(text in row or text in row[::-1] for row in ROWS)
