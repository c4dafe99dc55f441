"""Save the rows of a table that the preview showed as good, all or none."""

from copy import copy

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hms.core.tables.importing import REFUSED, REPEATS, ChangedSincePreview, CheckedImport
from hms.core.tables.sheets import Sheet
from hms.core.transactions import retried_atomic


class NotSaved(Exception):
    """Rolls the transaction back; `result` says which rows were refused."""

    def __init__(self, result):
        super().__init__()
        self.result = result


class ConfirmedImport(CheckedImport):
    """The second step of an import: the check again, and the services, in one transaction."""

    def save(self, sheet: Sheet, expected: list[str], *, with_repeats: bool = False):
        """Save the rows that have a digest, all or none; a row that changed since is refused."""
        left_out = (REFUSED,) if with_repeats else (REFUSED, REPEATS)
        expected = expected + [""] * (len(sheet.rows) - len(expected))
        good = {
            place: digest
            for place, digest in enumerate(expected[: len(sheet.rows)])
            if not digest.startswith(left_out)
        }
        try:
            return self._save(sheet=sheet.only([*good]), expected=[*good.values()], by=self.by)
        except NotSaved as refused:
            return refused.result

    @retried_atomic
    def _save(self, *, sheet: Sheet, expected: list[str], by):  # noqa: ARG002 - for the log
        result = self.checked(sheet)
        for digest, row in zip(expected, result.rows, strict=True):
            if row.digest not in (REFUSED, digest) and not row.is_skip():
                self.refuse(result, row, ChangedSincePreview(is_new=row.is_new()))
        if result.has_errors() or result.has_validation_errors():
            raise NotSaved(result)
        self.save_rows(result)
        if result.has_validation_errors():
            raise NotSaved(result)
        return result

    def save_rows(self, result) -> None:
        new = [row for row in result.rows if row.is_new()]
        unsaved = [copy(row.instance) for row in new]
        try:
            with transaction.atomic():
                self.save_new([row.instance for row in new])
        except (ValidationError, IntegrityError):  # one by one, to learn which row it is
            for row, instance in zip(new, unsaved, strict=True):
                row.instance = instance
                self.save_row(result, row)
        for row in result.rows:
            if row.is_update():
                self.save_row(result, row)
            if row.is_new() or row.is_update():
                self.save_m2m(row.instance, row.row_values, dry_run=False, using_transactions=True)

    def save_row(self, result, row) -> None:
        try:
            with transaction.atomic():
                self.do_instance_save(row.instance, row.is_new())
        except ValidationError as error:
            self.refuse(result, row, error)
        except IntegrityError:
            self.refuse(result, row, ValidationError(_("Another row has the same number or name.")))
