"""The import of a table in two steps: all rows are checked and shown, and the good ones are saved later.

The check writes nothing and holds no lock. Saving repeats it in a transaction.
"""

import json
from collections.abc import Sequence
from datetime import date, timedelta

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from import_export.widgets import ManyToManyWidget

from hms.core.locks import lock_first
from hms.core.tables.row_diff import RowDiff
from hms.core.tables.sheets import Sheet
from hms.core.transactions import retried_atomic

DIGITS = 12
YEAR = timedelta(days=366)
REFUSED = "-"  # in the place of the digest of a row that was not shown as good


class ChangedSincePreview(ValidationError):
    """A row is not as the preview showed it, so the import would overwrite what nobody has seen."""

    def __init__(self):
        super().__init__(_("This row has changed since the preview."), code="changed")


class NotSaved(Exception):
    """Rolls the transaction back; `result` says which rows were refused."""

    def __init__(self, result):
        super().__init__()
        self.result = result


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
            except ValueError as error:
                errors[field.attribute] = ValidationError(str(error), code="invalid")
        if errors:
            raise ValidationError(errors)

    def compare_estimate(self, known: date, estimated: date) -> None:
        """A birth date that is known stays, if the age agrees with it."""
        if abs(known - estimated) > YEAR:
            text = _("The age does not agree with the birth date that is known, %(date)s.")
            raise ValueError(text % {"date": date_format(known, "j M Y")})

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
        """Refuse a second row with the same number; keep what the preview shows."""
        row_result.shown = self.shown
        for field in self._meta.model._meta.concrete_fields:
            value = getattr(row_result.instance, field.attname) if field.unique else None
            if value in ("", None) or (not field.primary_key and field.name not in self.fields):
                continue
            earlier = self.given.setdefault((field.name, str(value).casefold()), row_number)
            if earlier != row_number:
                text = _("Row %(number)s of this file is already about the same one.")
                said = text % {"number": self.numbers[earlier - 1]}
                raise ValidationError({self.key if field.primary_key else field.name: said})

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
            row.digest = self.digest(row) if is_good else REFUSED
            row.diff = [*(row.diff or []), "; ".join(row.notes), ", ".join(map(str, row.alike))]
        return result

    def get_diff_headers(self):
        names = [field.column_name for field in self.filled]
        return [*names, _("Notes"), _("Possible duplicate of")]

    def digest(self, row) -> str:
        text = json.dumps(
            [self._meta.model._meta.label_lower, self.reading.as_json(), *row.shown, len(row.alike)]
        )
        return salted_hmac("hms.core.tables", text, algorithm="sha256").hexdigest()[:DIGITS]

    def save(self, sheet: Sheet, expected: list[str]):
        """Save the rows that have a digest, all or none; a row that changed since is refused."""
        try:
            return self._save(sheet=sheet, expected=expected, by=self.by)
        except NotSaved as refused:
            return refused.result

    @retried_atomic
    def _save(self, *, sheet: Sheet, expected: list[str], by):  # noqa: ARG002 - for the log
        expected = expected + [""] * (len(sheet.rows) - len(expected))
        good = [place for place, digest in enumerate(expected[: len(sheet.rows)]) if digest != REFUSED]
        part = Sheet(
            sheet.headers, *([each[place] for place in good] for each in (sheet.rows, sheet.numbers))
        )
        result = self.checked(part)
        for place, row in zip(good, result.rows, strict=True):
            if row.digest not in (REFUSED, expected[place]) and not row.is_skip():
                self.refuse(result, row, ChangedSincePreview())
        if result.has_errors() or result.has_validation_errors():
            raise NotSaved(result)
        self.save_rows(result)
        if result.has_validation_errors():
            raise NotSaved(result)
        return result

    def save_rows(self, result) -> None:
        new = [row for row in result.rows if row.is_new()]
        try:
            with transaction.atomic():
                self.save_new([row.instance for row in new])
        except ValidationError:  # one by one, to learn which row it is
            for row in new:
                self.save_row(result, row)
        for row in result.rows:
            if row.is_update():
                self.save_row(result, row)
            if row.is_new() or row.is_update():
                self.save_m2m(row.instance, row.row_values, dry_run=False, using_transactions=True)

    def save_row(self, result, row) -> None:
        try:
            self.do_instance_save(row.instance, row.is_new())
        except ValidationError as error:
            self.refuse(result, row, error)

    def refuse(self, result, row, error: ValidationError) -> None:
        row.import_type, row.validation_error = row.IMPORT_TYPE_INVALID, error
        result.append_invalid_row(row.number, row.row_values, error)

    def reasons(self, row, headers: Sequence[str]) -> list[str]:
        """Why a row was refused, with the names that the columns have in the file."""
        if row.errors:
            return [_("A cell of this row is not understood.")]
        if not hasattr(row.validation_error, "error_dict"):
            return list(row.validation_error.messages)
        return [
            text if field == NON_FIELD_ERRORS else f"{self.name_in_file(field, headers)}: {text}"
            for field, texts in row.validation_error.message_dict.items()
            for text in texts
        ]

    def name_in_file(self, name: str, headers: Sequence[str]) -> str:
        parts = [part for each in self.combined if each.into == name for part in each.columns]
        found = [headers[place] for part in (name, *parts) for place in self.reading.places_of(part)]
        return " / ".join(found) or name


def possible_duplicates(result) -> int:
    return sum(bool(row.alike) for row in result.rows)


def is_changed(result) -> bool:
    """Whether a row was refused because it changed since the preview."""
    return any(getattr(row.error, "code", "") == "changed" for row in result.invalid_rows)
