"""Edit conflicts: a save never overwrites a change that the person has not seen.

A submitted form is compared with its row, which stays locked until the save is done. If the row differs from
what the form showed, nothing is saved and the page shows both versions. Fields that the person did not touch
now show the saved value; what they typed stays, and saving again overwrites only that.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from hms.core.fingerprints import digest, fingerprint, parse_fingerprint, text_of

FIELD = "fingerprint"


@dataclass(frozen=True)
class LastChange:
    """When a row was last changed and by whom, as far as this is known."""

    at: datetime
    by_id: int | None
    by_name: str
    by_staff: bool


# Apps that log changes add a function that looks up the last change of a row. The first answer counts.
last_change_sources: list[Callable[[Model], LastChange | None]] = []


def last_change(row: Model) -> LastChange | None:
    return next((found for look_up in last_change_sources if (found := look_up(row))), None)


@dataclass(frozen=True)
class Difference:
    """One field whose saved value differs from the submitted one."""

    label: str
    saved: str
    entered: str
    is_typed: bool  # False: the person left the value as the page showed it


class EditConflict(ValidationError):
    """The row is not as the form showed it; nothing has been saved."""

    def __init__(self, row: Model | None, differences: Iterable[Difference]):
        super().__init__(
            _("Nothing has been saved yet: somebody changed this while you had it open."),
            code="edit_conflict",
        )
        self.row = row
        self.differences = list(differences)

    @classmethod
    def joined(cls, conflicts: list["EditConflict"]) -> "EditConflict":
        return cls(conflicts[0].row, [one for conflict in conflicts for one in conflict.differences])


@dataclass
class Comparison:
    """Compares a submitted form with its row; `form.initial` is the row as it is now."""

    form: forms.BaseForm
    row: Model
    columns: tuple[str, ...] | None = None  # that the form changes; None: all visible fields
    relies_on: tuple[str, ...] = ()  # columns that the form does not change but depends on
    shown: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        if self.form.is_bound:
            self.shown = parse_fingerprint(self.form.data.get(self.form.add_prefix(FIELD), ""))

    def fingerprint(self) -> str:
        texts = {name: self.text(name, value) for name, value in self.saved().items()}
        texts |= {name: text_of(getattr(self.row, name)) for name in self.relies_on}
        return fingerprint(self.row, texts)

    def text(self, name: str, value: Any) -> str:
        box = self.form.fields.get(name)
        return text_of(box.prepare_value(value) if box else value)

    def saved(self) -> dict[str, Any]:
        """The row's value for each field that the form shows and changes."""
        return {
            name: self.form.get_initial_for_field(box, name)
            for name, box in self.form.fields.items()
            if (is_seen(name, box) if self.columns is None else name in self.columns)
        }

    def sent(self, name: str) -> Any:
        """The submitted value as it would be saved."""
        instance = getattr(self.form, "instance", None)
        if instance is not None and name in self.form.cleaned_data:
            try:
                column = instance._meta.get_field(name)
            except FieldDoesNotExist:
                return self.form.cleaned_data[name]
            if not column.many_to_many:
                return column.value_from_object(instance)
        return self.form.cleaned_data.get(name, self.form[name].data)

    def has_changed(self, name: str, value: Any) -> bool:
        return self.shown.get(name) != digest(self.row, name, self.text(name, value))

    def stale(self) -> list[str]:
        """Names of fields that would overwrite a value saved by somebody else since."""
        return [
            name
            for name, value in self.saved().items()
            if self.has_changed(name, value) and self.text(name, value) != self.text(name, self.sent(name))
        ]

    def changed_columns(self) -> list[str]:
        return [name for name in self.relies_on if self.has_changed(name, getattr(self.row, name))]

    def conflict(self) -> EditConflict | None:
        if not (stale := self.stale()) and not self.changed_columns():
            return None
        return EditConflict(self.row, [*map(self.difference, stale), *self.column_differences()])

    def conflict_of_deleting(self) -> EditConflict | None:
        changed = [name for name, value in self.saved().items() if self.has_changed(name, value)]
        found = [replace(self.difference(name), entered=_("deleted"), is_typed=True) for name in changed]
        return EditConflict(self.row, found) if found else None

    def difference(self, name: str) -> Difference:
        bound = self.form[name]
        saved, sent = self.saved()[name], self.sent(name)
        return Difference(
            str(bound.label or name),
            words_for(saved, bound.field),
            words_for(sent, bound.field),
            self.has_changed(name, sent),
        )

    def column_differences(self) -> Iterator[Difference]:
        for name in self.changed_columns():
            column = self.row._meta.get_field(name)
            shown = getattr(self.row, f"get_{name}_display", lambda name=name: getattr(self.row, name))
            yield Difference(str(column.verbose_name).capitalize(), words_for(shown()), "", False)

    def show_again(self) -> None:
        """Make the form unbound: its values are the row's, except those that the person typed."""
        form, prints, saved = self.form, self.fingerprint(), self.saved()
        typed = {
            name: self.sent(name)
            for name, box in form.fields.items()
            if (name not in saved or self.has_changed(name, self.sent(name)))
            and not isinstance(box, forms.FileField)
        }
        form.initial, form.is_bound = form.initial | saved | typed, False
        form._bound_fields_cache.clear()
        if FIELD in form.fields:
            form.initial[FIELD] = prints


def is_seen(name: str, box: forms.Field) -> bool:
    return name not in (FIELD, DELETION_FIELD_NAME) and not box.widget.is_hidden


def words_for(value: Any, box: forms.Field | None = None) -> str:
    if isinstance(box, forms.ModelMultipleChoiceField | forms.ModelChoiceField):
        return ", ".join(_names_of(value, box))
    if isinstance(box, forms.MultipleChoiceField):
        return ", ".join(_label_of(one, box) for one in value or [])
    if isinstance(box, forms.ChoiceField):
        return _label_of(value, box)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, datetime) and value.tzinfo:
        value = localtime(value)
    return str(localize(value)) if value is not None else ""


def _label_of(value: Any, box: forms.ChoiceField) -> str:
    flat = [pair for one in box.choices for pair in (one[1] if isinstance(one[1], list | tuple) else [one])]
    return next((str(label) for key, label in flat if str(key) == str(value or "")), str(value or ""))


def _names_of(value: Any, box: forms.ModelChoiceField) -> list[str]:
    several = value if isinstance(value, list | tuple) or hasattr(value, "all") else [value]
    keys = [one.pk if isinstance(one, Model) else one for one in several if one]
    return sorted(box.label_from_instance(row) for row in box.queryset.filter(pk__in=keys))
