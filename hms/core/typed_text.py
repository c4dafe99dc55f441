"""One rule for all text that people type: characters that nobody sees are taken out (ADR 0036).

Every text box, every text column and every cell of an imported table passes through `clean_text`. Taken
out are control characters, marks that change the direction of writing, zero-width characters, soft hyphens
and byte order marks. The joiners ZWJ and ZWNJ stay after letters of Indic, Arabic and related scripts,
which need them to be spelled. A text of such characters alone is empty.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

JOINERS = "\u200c\u200d"
ACCENTS = re.compile("[\u0300-\u036f]")
JOINED_SCRIPTS = (
    "\u0600-\u06ff\u0700-\u077f\u0860-\u0dff\u0f00-\u109f\u1780-\u17ff\u1900-\u1aaf\u1b00-\u1c7f\u1cd0-\u1cff"
    "\ua800-\ua82f\ua880-\ua8ff\ua980-\ua9df\uaa00-\uaaff\uabc0-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00011000-\U00011fff"
)
LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
BLANKS = re.compile(r"[\t\r\n]+")
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
# Joiners elsewhere, and selectors of a variant without a character that they select.
STRAY = re.compile(f"(?<![{JOINED_SCRIPTS}])[{JOINERS}]|(?<!\\S)[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")


def clean_text(text: str, *, lines: bool = False) -> str:
    """The text in Unicode NFC without unseen characters; tabs and line ends become blanks unless `lines`."""
    if text.isascii() and text.isprintable():
        return text
    text = LINE_ENDS.sub("\n", text)
    if not lines:
        text = BLANKS.sub(" ", text)
    return unicodedata.normalize("NFC", STRAY.sub("", UNSEEN.sub("", text)))


def require_letter(name: str) -> None:
    """A validator of names: “12345”, “.” and “😀” are none."""
    if not any(sign.isalpha() for sign in name):
        raise ValidationError(_("Write the name with letters."), code="no_letter")


def without_joiners(text: str) -> str:
    return text.translate({ord(joiner): None for joiner in JOINERS})


def without_accents(text: str) -> str:
    """The text with marks of Latin letters taken off; those of Indic scripts are letters of their own."""
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text))


def clean_value(column: models.Field, value: Any) -> Any:
    """The value as the column keeps it; a table of evidence keeps what it is given."""
    keeps_all = getattr(getattr(column, "model", None), "keeps_text_as_given", False)
    if keeps_all or not isinstance(value, str) or not isinstance(column, models.CharField | models.TextField):
        return value
    return clean_text(value, lines=isinstance(column, models.TextField))


def clean_values(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of these columns as an update keeps them."""
    columns = {name: model._meta.get_field(name) for name, value in values.items() if isinstance(value, str)}
    return {
        name: clean_value(columns[name], value) if name in columns else value
        for name, value in values.items()
    }


def clean_row(row: models.Model, columns: Iterable[models.Field]) -> None:
    """Clean the row's values of these columns, as saving it would."""
    for column in columns:
        given = row.__dict__.get(column.attname)
        if (value := clean_value(column, given)) is not given:
            setattr(row, column.attname, value)


def install() -> None:
    """Make Django's text boxes and text columns clean what they are given."""
    for column in (models.CharField, models.TextField):
        column.to_python = _cleaning_to_python(column.to_python)
        column.pre_save = _cleaning_pre_save(column.pre_save)
    forms.CharField.clean = _cleaning_box(forms.CharField.clean)


def _cleaning_to_python(to_python):
    @functools.wraps(to_python)
    def cleaned(self, value):
        return to_python(self, clean_value(self, value))

    return cleaned


def _cleaning_pre_save(pre_save):
    """Change the row too, so that the log and the table have the same text."""

    @functools.wraps(pre_save)
    def cleaned(self, row, add):
        given = pre_save(self, row, add)
        value = clean_value(self, given)
        if value is not given:
            setattr(row, self.attname, value)
        return value

    return cleaned


def _cleaning_box(clean):
    """Passwords stay as they are, and so does a text with a NUL, which Django refuses."""

    @functools.wraps(clean)
    def cleaned(self, value):
        if (
            isinstance(value, str)
            and "\x00" not in value
            and not isinstance(self.widget, forms.PasswordInput)
        ):
            value = clean_text(value, lines=isinstance(self.widget, forms.Textarea))
        return clean(self, value)

    return cleaned
