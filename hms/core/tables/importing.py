"""The import of a table in two steps: all rows are checked and shown, and the good ones are saved later.

The check writes nothing and holds no lock. Saving repeats it in a transaction.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from import_export.widgets import ManyToManyWidget

from hms.core.folded import value_in
from hms.core.locks import lock_first
from hms.core.tables.columns_form import targets_of
from hms.core.tables.row_diff import RowDiff
from hms.core.tables.sheets import Sheet

DIGITS = 12
YEAR = timedelta(days=366)
REFUSED = "-"  # in the place of the digest of a row that was not shown as good
REPEATS = "~"  # before the digest of a row that is saved only if somebody says so
MOST_NAMED = 3  # of the rows that one row may repeat, as reasons


@dataclass(frozen=True)
class Alike:
    """A row that a new row may repeat, in words."""

    text: str
    is_evident: bool
    is_in_file: bool

    def __str__(self):
        return self.text


class ChangedSincePreview(ValidationError):
    """A row is not as the preview showed it, so the import would overwrite what nobody has seen."""

    def __init__(self, *, is_new: bool):
        said = _("This row has changed since the preview.")
        if is_new:
            said = _("Since the preview, somebody was registered or changed whom this row may repeat.")
        super().__init__(said, code="changed")


class CheckedImport:
    """What `ServiceResource` does with the rows of a file."""

    @classmethod
    def get_diff_class(cls):
        return RowDiff

    # --- in: the check of one row, called by the library

    def get_instance(self, instance_loader, row):  # noqa: ARG002 - the library's signature
        text = str(row.get(self.key) or "").strip()
        if not text:
            return None
        rows = self.get_queryset().filter(self.with_key(text))
        return lock_first(rows) if self.locks else rows.first()

    def after_init_instance(self, instance, new, row, **kwargs):  # noqa: ARG002 - the library's signature
        fields = [] if new else [field for field in self.filled if field.column_name in row]
        self.wanted = {}
        self.shown = [str(instance.pk or ""), *(str(self.export_field(field, instance)) for field in fields)]

    def import_instance(self, instance, row, **kwargs):
        given = self.rows[kwargs["row_number"] - 1]
        errors = {name: ValidationError(text, code="invalid") for name, text in given.wrong.items()}
        for field in self.columns:
            try:
                if isinstance(field.widget, ManyToManyWidget):
                    if row.get(field.column_name):
                        self.wanted[field.column_name] = field.clean(row)
                elif field.column_name in given.estimated and instance.pk:
                    self.compare_estimate(getattr(instance, field.attribute), row[field.column_name])
                else:
                    self.import_field(field, instance, row, **kwargs)
                if field.column_name in given.compared:
                    self.compare_age(getattr(instance, field.attribute), given.compared[field.column_name])
            except ValueError as error:
                errors[field.attribute] = ValidationError(str(error), code="invalid")
        if errors:
            raise ValidationError(errors)

    def compare_estimate(self, known: date, estimated: date) -> None:
        """A birth date that is known stays, if the age agrees with it."""
        if abs(known - estimated) > YEAR:
            text = _("The age does not agree with the birth date that is known, %(date)s.")
            raise ValueError(text % {"date": date_format(known, "j M Y")})

    def compare_age(self, born: date, estimated: date) -> None:
        if abs(born - estimated) > YEAR:
            text = _("The age and the birth date of this row do not agree. The age says about %(date)s.")
            raise ValueError(text % {"date": estimated.year})

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        is_key_of_row = field.column_name == self.key and instance.pk is not None
        if row.get(field.column_name) not in ("", None) and not (is_key_of_row and not is_m2m):
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if instance.pk is None:
            return False
        given = {name: cell for name, cell in row.items() if cell not in ("", None)}
        return super().skip_row(instance, original, given, import_validation_errors)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):  # noqa: ARG002
        errors = dict(import_validation_errors or {})
        try:
            self.check(instance, set(errors))
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def after_import_row(self, row, row_result, row_number=None, **kwargs):  # noqa: ARG002
        """Refuse a second row with the same number or name; keep what the preview shows."""
        row_result.shown = self.shown
        if errors := self.doubled(row_result.instance, row_number):
            raise ValidationError(errors)

    def doubled(self, instance, row_number: int) -> dict[str, str]:
        """By column, which earlier row of the file has what is unique."""
        errors = {}
        for column, names in self.unique_columns:
            values = [value_in(instance, name) for name in names]
            if None in values or values == [""]:
                continue
            known = (names, *(str(value).casefold() for value in values))
            earlier = self.given.setdefault(known, row_number)
            if earlier != row_number and column not in errors:
                text = _("Row %(number)s of this file is already about the same one.")
                errors[column] = text % {"number": self.numbers[earlier - 1]}
        return errors

    @cached_property
    def unique_columns(self) -> list[tuple[str, tuple[str, ...]]]:
        """The sets of columns that are unique, each with the column of the file that it is said of."""
        model = self._meta.model
        sets = [(field.name,) for field in model._meta.concrete_fields if field.unique]
        sets += [constraint.fields for constraint in model._meta.total_unique_constraints]
        found = []
        for names in sets:
            fields = map(model._meta.get_field, names)
            typed = [self.key if field.primary_key else getattr(field, "of", field.name) for field in fields]
            if said := next((name for name in typed if name in self.fields), None):
                found.append((said, tuple(names)))
        return found

    # --- in: all rows

    def checked(self, sheet: Sheet):
        """The result of an import that is not saved: each row with its digest, notes and duplicates."""
        self.rows = [self.row_of(cells, len(sheet.headers)) for cells in sheet.rows]
        self.numbers, self.given = sheet.numbers, {}
        names = [field.column_name for field in self.columns]
        dataset = tablib.Dataset(headers=names)
        dataset.extend([[row.cells.get(name, "") for name in names] for row in self.rows])
        result = self.import_data_inner(dataset, True, False, False, False)
        for row, number, given in zip(result.rows, self.numbers, self.rows, strict=True):
            estimates = given.estimated.values() if row.is_new() else ()
            row.number, row.notes, row.alike = number, [*given.notes, *estimates], []
        new = [row for row in result.rows if row.is_new()]
        for row, alike in zip(new, self.alike(new), strict=True):
            row.alike = alike
        for row in result.rows:
            is_good = row.validation_error is None and not row.errors
            row.repeats = [alike for alike in row.alike if alike.is_evident]
            row.digest = self.digest(row) if is_good else REFUSED
            row.diff = [*(row.diff or []), "; ".join(row.notes), ", ".join(map(str, row.alike))]
        return result

    def get_diff_headers(self):
        names = [field.column_name for field in self.filled]
        return [*names, _("Notes"), _("Possible duplicate of")]

    def digest(self, row) -> str:
        there = sum(not alike.is_in_file for alike in row.alike)
        text = json.dumps([self._meta.model._meta.label_lower, self.reading.as_json(), *row.shown, there])
        mark = REPEATS if row.repeats else ""
        return mark + salted_hmac("hms.core.tables", text, algorithm="sha256").hexdigest()[:DIGITS]

    def refuse(self, result, row, error: ValidationError) -> None:
        row.import_type, row.validation_error = row.IMPORT_TYPE_INVALID, error
        result.append_invalid_row(row.number, row.row_values, error)

    def reasons(self, row, headers: Sequence[str]) -> list[str]:
        """Why a row was refused, with the names that the columns have in the file, or else here."""
        if row.errors:
            return [_("A cell of this row is not understood.")]
        if row.validation_error is None:
            return [_("This looks like %(alike)s.") % {"alike": alike} for alike in row.repeats[:MOST_NAMED]]
        if not hasattr(row.validation_error, "error_dict"):
            return list(row.validation_error.messages)
        return [
            text if field == NON_FIELD_ERRORS else f"{self.name_in_file(field, headers)}: {text}"
            for field, errors in row.validation_error.error_dict.items()
            for error in errors
            for text in ([_("This is missing.")] if error.code in ("null", "blank") else error.messages)
        ]

    def name_in_file(self, name: str, headers: Sequence[str]) -> str:
        parts = [part for each in self.combined if each.into == name for part in each.columns]
        found = [headers[place] for part in (name, *parts) for place in self.reading.places_of(part)]
        words = targets_of(self).get(name, name)
        return " / ".join(found) or (name if words.casefold() == name else f"{words} ({name})")


def possible_duplicates(result) -> int:
    return sum(bool(row.alike) and not row.repeats for row in result.rows)
