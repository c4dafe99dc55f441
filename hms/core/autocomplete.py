"""Autocomplete boxes of the staff site, which stand what an address or a form sends.

Django looks up what was sent before anybody has checked it, so that a value that is no key ends in an error
while the page is made that would have said so.

A box that finds its choices by a script is empty without one. Where there are few choices, they are all on
the page; people are not: their names are shown to whoever looks for them.
"""

import functools

from django.contrib.admin.widgets import AutocompleteMixin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelMultipleChoiceField, Select

LONGEST_KEY = 18  # digits of a key that both databases take
FEW = 100


def install() -> None:
    AutocompleteMixin.optgroups = _of_keys(AutocompleteMixin.optgroups)
    ModelMultipleChoiceField.clean = _of_possible_keys(ModelMultipleChoiceField.clean)


def _of_keys(optgroups):
    @functools.wraps(optgroups)
    def shown(self, name, value, attr=None):
        keys = [each for each in value if is_key(str(each)) or each in self.choices.field.empty_values]
        return (Select.optgroups if _are_few(self.choices.queryset) else optgroups)(self, name, keys, attr)

    return shown


def _are_few(choices: QuerySet) -> bool:
    is_of_people = choices.model is get_user_model() or getattr(choices.model, "access_nouns", None)
    return not is_of_people and choices[: FEW + 1].count() <= FEW


def _of_possible_keys(clean):
    """Several keys are looked up at once, which a database refuses for a number that is none of its own."""

    @functools.wraps(clean)
    def cleaned(self, value):
        for each in value if isinstance(value, list | tuple) else ():
            if str(each).isdecimal() and not is_key(str(each)):
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": each})
        return clean(self, value)

    return cleaned


def is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
