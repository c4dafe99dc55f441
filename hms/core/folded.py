"""Names that differ in case, accents, blanks or width only are one name, on every database alike (ADR 0046).

`FoldedKey` keeps a digest of the folded name in a column with a unique index. The digest has only ASCII
letters and digits, so no collation changes the comparison.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import groupby

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal
from hms.core.transactions import retried_atomic
from hms.core.typed_text import clean_text, without_accents, without_joiners

KEY_LENGTH = 32
IDLE_BLANKS = re.compile(r"(?<!\d) | (?!\d)")  # "1 23" and "12 3" are two numbers


class NameExists(Refusal):
    code = "name_exists"
    text = _("“%(name)s” already exists.")

    def __init__(self, name: str, row: models.Model):
        if str(row) == name:
            super().__init__(name=name)
        else:
            super().__init__(_("“%(name)s” already belongs to %(row)s."), name=name, row=str(row))


def fold(text: str) -> str:
    """The text without case, accents and width, and without blanks except between digits.

    Signs of Indic scripts stay, and superscripts and fractions: 10⁶ is not 106.
    """
    runs = groupby(without_joiners(clean_text(text)), key=lambda sign: unicodedata.category(sign) == "No")
    plain = "".join("".join(run) if is_number_sign else _plain("".join(run)) for is_number_sign, run in runs)
    return IDLE_BLANKS.sub("", " ".join(plain.split()))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", without_accents(text.casefold())).casefold()


class FoldedKey(models.CharField):
    """The key of the column `of`, set whenever a row is written.

    It is unique, alone or in a `UniqueConstraint`. Of rows that had one name before the column existed, all
    but the first have no key until their name is changed; their other columns can be saved.
    """

    def __init__(self, of: str, **options):
        self.of = of
        super().__init__(**options | {"max_length": KEY_LENGTH, "null": True, "editable": False})

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        return name, path, [self.of, *args], options

    def pre_save(self, row, add):  # noqa: ARG002 - Django's signature
        key = None if self.is_shared(row) else self.key_of(getattr(row, self.of))
        setattr(row, self.attname, key)
        return key

    @staticmethod
    def key_of(name: str | None) -> str | None:
        """What two names have in common if they are one name; None of a name without characters."""
        folded = fold(name or "")
        return blake2b(folded.encode(), digest_size=KEY_LENGTH // 2).hexdigest() if folded else None

    def is_shared(self, row: models.Model) -> bool:
        """Whether the row has shared its name with another one since before the column existed."""
        if row._state.adding or getattr(row, self.attname) is not None:
            return False
        stored = self.model._base_manager.filter(**{"pk": row.pk, self.name: None})
        names = stored.values_list(self.of, flat=True)
        return getattr(row, self.of) in names and any(self.others(row))

    def scopes(self) -> Iterator[tuple[str, ...]]:
        """The columns within which the name is unique."""
        if self.unique:
            yield ()
        for constraint in self.model._meta.total_unique_constraints:
            if self.name in constraint.fields:
                yield tuple(name for name in constraint.fields if name != self.name)

    def others(self, row: models.Model) -> Iterator[models.Model]:
        """Rows whose name is the same as the row's."""
        key = self.key_of(getattr(row, self.of))
        for scope in self.scopes() if key else ():
            within = {name: value_in(row, name) for name in scope}
            if None not in within.values():
                rows = self.model._base_manager.filter(**{self.name: key}, **within)
                yield from rows.exclude(pk=row.pk)[:1]


def value_in(row: models.Model, column: str) -> object:
    """What is compared: of a column, its value; of a key, what it will be when the row is saved."""
    field = row._meta.get_field(column)
    if isinstance(field, FoldedKey):
        return field.key_of(getattr(row, field.of))
    return row.serializable_value(column)


def keys_in(model: type[models.Model]) -> list[FoldedKey]:
    return [field for field in model._meta.concrete_fields if isinstance(field, FoldedKey)]


class NamedOnce(models.Model):
    """Refuses at the field a name that another row has, and names that row."""

    class Meta:
        abstract = True

    def save(self, *args, update_fields: Iterable[str] | None = None, **kwargs):
        if update_fields is not None:
            update_fields = {*update_fields}
            update_fields |= {key.name for key in keys_in(type(self)) if key.of in update_fields}
        super().save(*args, update_fields=update_fields, **kwargs)

    def validate_unique(self, exclude=None):
        keys, errors = keys_in(type(self)), {}
        checked_here = {name for key in keys for name in (key.name, key.of)}
        try:
            super().validate_unique(exclude={*(exclude or ()), *checked_here})
        except ValidationError as refusal:
            errors = refusal.update_error_dict(errors)
        for key in keys:
            if key.of in errors or key.of in (exclude or ()):
                continue
            if (other := next(key.others(self), None)) and not key.is_shared(self):
                errors[key.of] = [NameExists(getattr(other, key.of), other)]
        if errors:
            raise ValidationError(errors)

    def validate_constraints(self, exclude=None):
        """Skip what `validate_unique` checks with the keys that saving computes."""
        super().validate_constraints({*(exclude or ()), *(key.name for key in keys_in(type(self)))})


def same_name(model: type[models.Model], column: str, name: str) -> models.Q:
    """Rows that have this name; of a column without a key, in any case."""
    key = next((key for key in keys_in(model) if key.of == column), None)
    return models.Q(**({key.name: key.key_of(name)} if key else {f"{column}__iexact": name}))


def with_keys(model: type[models.Model], values: dict) -> dict:
    """The values of an update, with the keys of its names."""
    keys = [key for key in keys_in(model) if isinstance(values.get(key.of), str)]
    return values | {key.name: key.key_of(values[key.of]) for key in keys}


@retried_atomic
def fill_keys() -> list[str]:
    """Set the keys of rows that were there before the columns, and name the rows that share a name.

    Runs after each `migrate`. Returns the rows to rename, in words.
    """
    return [line for model in apps.get_models() for key in keys_in(model) for line in _fill(model, key)]


def _fill(model: type[models.Model], key: FoldedKey) -> Iterator[str]:
    for row in model._base_manager.filter(**{key.name: None}).order_by("pk"):
        if other := next(key.others(row), None):
            names = {"name": getattr(row, key.of), "other": getattr(other, key.of)}
            yield (
                f"{model._meta.verbose_name_plural}: “{names['name']}” and “{names['other']}” are one name. "
                "Rename or delete one of them."
            )
        else:
            model._base_manager.filter(pk=row.pk).update(**{key.name: key.key_of(getattr(row, key.of))})
