"""Import through the services, and export of the rows that `visible_to` shows."""

import json
import re

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from import_export.resources import ModelResource

from hms.core.folded import same_name
from hms.core.tables.cells import cell_of, value_of
from hms.core.tables.widgets import ClockWidget, IsoDateWidget, YesNoWidget

DIGITS = 12
STYLE = re.compile(r' style="[^"]*"')  # which the content security policy refuses


class ColumnsRefused(Exception):
    """The file does not have the columns of the table; the message says which."""


class ChangedSincePreview(ValidationError):
    """A row is not as the preview showed it, so the import would overwrite what nobody has seen."""

    def __init__(self):
        super().__init__(_("This row has changed since the preview."), code="changed")


class ServiceResource(ModelResource):
    """Exports the rows visible to `by`; imports rows through a service with `by`.

    An empty cell changes nothing. `prints` takes a digest of each row as the preview shows it; when the
    import is confirmed, `expected` holds these digests, and a row that differs is refused.
    """

    WIDGETS_MAP = ModelResource.WIDGETS_MAP | {
        "BooleanField": YesNoWidget,
        "DateField": IsoDateWidget,
        "TimeField": ClockWidget,
    }

    key: str  # the column that identifies a row
    kept: tuple[str, ...] = ()  # columns that an import does not change

    class Meta:
        skip_unchanged = report_skipped = store_instance = True

    def __init__(self, by=None, prints: list[str] | None = None, expected: list[str] | None = None, **kwargs):
        super().__init__(**kwargs)
        self.by, self.prints, self.expected = by, prints if prints is not None else [], expected

    def get_queryset(self):
        found = super().get_queryset()
        return found.visible_to(self.by) if hasattr(found, "visible_to") else found

    def with_key(self, text: str) -> Q:
        """The row that the key in the file means."""
        return same_name(self._meta.model, self.key, text)

    def do_instance_save(self, instance, is_create):
        raise NotImplementedError

    def imported(self, instance) -> dict:
        names = [field.attribute for field in self.get_import_fields()]
        return {name: getattr(instance, name) for name in names if name not in self.kept}

    # --- out

    def export_field(self, field, instance, **kwargs):
        return cell_of(super().export_field(field, instance, **kwargs))

    # --- in

    def before_import(self, dataset, **kwargs):  # noqa: ARG002 - the library's signature
        columns = [field.column_name for field in self.get_import_fields()]
        dataset.headers = [str(header or "").strip() for header in dataset.headers or []]
        if unknown := [header for header in dataset.headers if header not in columns]:
            text = _("Unknown columns: %(unknown)s. The columns are: %(columns)s.")
            raise ColumnsRefused(text % {"unknown": ", ".join(unknown), "columns": ", ".join(columns)})
        if self.key not in dataset.headers:
            raise ColumnsRefused(_("The column %(key)s is missing.") % {"key": self.key})
        for _number in range(len(dataset)):
            dataset.append([value_of(cell) for cell in dataset.lpop()])

    def get_instance(self, instance_loader, row):  # noqa: ARG002 - the library's signature
        text = str(row.get(self.key) or "").strip()
        if not text:
            return None
        rows = self.get_queryset().filter(self.with_key(text))
        return (rows.select_for_update() if self.expected is not None else rows).first()

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        is_key_of_row = field.column_name == self.key and instance.pk is not None
        if row.get(field.column_name) not in ("", None) and not (is_key_of_row and not is_m2m):
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        given = {name: cell for name, cell in row.items() if cell not in ("", None)}
        return super().skip_row(instance, original, given, import_validation_errors)

    def after_init_instance(self, instance, new, row, **kwargs):  # noqa: ARG002 - the library's signature
        fields = [] if new else [field for field in self.get_import_fields() if field.column_name in row]
        self.shown = [str(instance.pk or ""), *(str(self.export_field(field, instance)) for field in fields)]

    def after_import_row(self, row, row_result, row_number=None, **kwargs):  # noqa: ARG002
        """Compare the row with the preview, and prepare what the preview shows."""
        alike = self.like(row_result.instance) if row_result.is_new() else []
        shown = self.digest(len(alike))
        self.prints.append(shown)
        is_checked = self.expected is not None and not row_result.is_skip()
        if is_checked and self.expected[row_number - 1 : row_number] != [shown]:
            raise ChangedSincePreview
        row_result.diff = [mark_safe(STYLE.sub("", cell)) for cell in row_result.diff or []]  # noqa: S308
        if row_result.diff:
            row_result.diff.append(escape(", ".join(map(str, alike))))
        row_result.alike = alike

    def like(self, instance) -> list:  # noqa: ARG002 - for subclasses
        """Existing rows that a new row may repeat."""
        return []

    def digest(self, alike: int) -> str:
        text = json.dumps([self._meta.model._meta.label_lower, *self.shown, alike])
        return salted_hmac("hms.core.tables", text, algorithm="sha256").hexdigest()[:DIGITS]

    def get_diff_headers(self):
        return [*super().get_diff_headers(), _("Possible duplicate of")]


def possible_duplicates(result) -> int:
    return sum(bool(getattr(row, "alike", None)) for row in result.rows)


def is_changed(result) -> bool:
    """Whether a row was refused because it changed since the preview."""
    return any(getattr(row.error, "code", "") == "changed" for row in result.invalid_rows)
