"""Import through the services, and export of the rows that `visible_to` shows.

An import checks all rows without writing, shows them, and saves later those that were good. A subclass names
the model, its columns and the service that saves a row; the page that maps columns comes by itself.
"""

import functools
from collections.abc import Sequence

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from import_export.resources import ModelResource
from phonenumber_field.modelfields import PhoneNumberField

from hms.core.constraints import at_their_columns
from hms.core.folded import same_name
from hms.core.rights import require_to_save
from hms.core.tables.cells import cell_of, error_of
from hms.core.tables.combined import COMBINED, Combined, Row
from hms.core.tables.readings import LostPhones, Reading
from hms.core.tables.saving import ConfirmedImport
from hms.core.tables.widgets import (
    ChoiceWidget,
    ClockWidget,
    CountryWidget,
    IsoDateWidget,
    NumberWidget,
    PhoneWidget,
    WholeNumberWidget,
    YesNoWidget,
)


class ServiceResource(ConfirmedImport, ModelResource):
    """Exports the rows visible to `by`; imports rows through a service with `by`.

    An empty cell changes nothing. Each row that is shown has a digest; when the import is confirmed, a row
    with another digest is refused.
    """

    WIDGETS_MAP = ModelResource.WIDGETS_MAP | {
        "BooleanField": YesNoWidget,
        "DateField": IsoDateWidget,
        "DecimalField": NumberWidget,
        "PositiveSmallIntegerField": WholeNumberWidget,
        "PositiveIntegerField": WholeNumberWidget,
        "IntegerField": WholeNumberWidget,
        "SmallIntegerField": WholeNumberWidget,
        "TimeField": ClockWidget,
    }

    key: str  # the column that identifies a row
    is_key_needed = True  # whether a file without this column is refused
    kept: tuple[str, ...] = ()  # columns that an import does not change
    joined: tuple[str, ...] = ("street",)  # columns that several columns of a file may fill
    known_as: dict[str, tuple[str, ...]] = {}  # more names that columns have in files
    examples: dict[str, str] = {}  # cells of the sample file
    advice = ""  # shown on the page that maps the columns

    class Meta:
        skip_unchanged = report_skipped = store_instance = store_row_values = True

    def __init__(self, by=None, reading: Reading | None = None, locks: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.by, self.reading, self.locks = by, reading, locks
        for field in self.fields.values():
            if reading and isinstance(field.widget, IsoDateWidget):
                field.widget.form = reading.date_form

    @classmethod
    def widget_from_django_field(cls, f, default=None):
        if isinstance(f, PhoneNumberField):
            return PhoneWidget
        if f.choices:
            return functools.partial(ChoiceWidget, f.choices)
        if f.name == "country":
            return CountryWidget
        return super().widget_from_django_field(f, **({"default": default} if default else {}))

    def get_queryset(self):
        found = super().get_queryset()
        return found.visible_to(self.by) if hasattr(found, "visible_to") else found

    def with_key(self, text: str) -> Q:
        """The row that the key in the file means."""
        return same_name(self._meta.model, self.key, text)

    def check(self, instance, exclude: set[str]) -> None:
        """Refuse what the service would refuse, without writing."""
        require_to_save(self.by, instance)
        try:
            instance.full_clean(exclude=exclude)
        except ValidationError as error:
            raise at_their_columns(self._meta.model, error) from error

    def do_instance_save(self, instance, is_create):
        raise NotImplementedError

    def save_new(self, instances: Sequence) -> None:
        for instance in instances:
            self.do_instance_save(instance, True)

    def alike(self, rows: Sequence) -> list[list]:
        """For each new row the existing rows, and the earlier ones of the file, that it may repeat."""
        return [[] for _row in rows]

    def fits(self, column: str, cells: Sequence[str]) -> bool:  # noqa: ARG002 - for subclasses
        """Whether these cells of a file may be of our column; asked only for a guess."""
        return True

    def imported(self, instance) -> dict:
        names = [field.attribute for field in self.columns]
        return {name: getattr(instance, name) for name in names if name not in self.kept}

    # --- out

    def export_field(self, field, instance, **kwargs):
        return cell_of(self.plain_field(field, instance, **kwargs))

    def plain_field(self, field, instance, **kwargs):
        """The value in words, for a page."""
        return super().export_field(field, instance, **kwargs)

    # --- in: the rows of the file by our columns

    @functools.cached_property
    def columns(self) -> list:
        return self.get_import_fields()

    @functools.cached_property
    def combined(self) -> list[Combined]:
        names = {field.column_name for field in self.columns}
        return [each for each in COMBINED if each.into in names]

    @functools.cached_property
    def filled(self) -> list:
        """The columns that the file fills, in our order."""
        targets = set(self.reading.targets)
        targets |= {each.into for each in self.combined if targets.intersection(each.columns)}
        return [field for field in self.columns if field.column_name in targets]

    def row_of(self, cells: Sequence, width: int) -> Row:
        row = Row()
        for place, target in enumerate(self.reading.targets):
            if target and (error := error_of(cells[place])):
                row.wrong[target] = error
            elif target and cells[place] != "":
                before = row.cells.get(target)
                row.cells[target] = f"{before}, {cells[place]}" if before else cells[place]
        for each in self.combined:
            each.fill(row, self.reading)
        if len(cells) > width:
            row.wrong[NON_FIELD_ERRORS] = _("This row has more cells than the head has columns.")
        if not any(cell != "" for cell in row.cells.values()) and not row.wrong:
            row.wrong[NON_FIELD_ERRORS] = _("This row is empty in all columns that are read.")
        if self.reading.lost_phones == LostPhones.LEAVE_OUT:
            self.leave_out_phones(row)
        return row

    def leave_out_phones(self, row: Row) -> None:
        for field in self.columns:
            typed = row.cells.get(field.column_name)
            if typed and isinstance(field.widget, PhoneWidget):
                try:
                    field.widget.clean(typed)
                except ValueError:
                    del row.cells[field.column_name]
                    row.notes.append(_("The phone number “%(typed)s” is left out.") % {"typed": typed})
