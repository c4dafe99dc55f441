"""Forms that change an existing row; each carries a fingerprint of the row as it was shown."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, TypeVar

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from hms.core.edit_conflicts import FIELD, Comparison, Difference, EditConflict, is_seen, words_for
from hms.core.locks import lock_first, lock_rows
from hms.core.transactions import retried_atomic

R = TypeVar("R")


is_key = RegexValidator(r"^[A-Za-z0-9_-]{8,64}$")


class OnceForm(forms.Form):
    """A form that takes effect once: every page has a new idempotency key, stored with the result."""

    key = forms.CharField(required=False, validators=[is_key], widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4().hex)

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or uuid.uuid4().hex

    def renew_key(self) -> None:
        """For a form whose key belongs to something else: what is typed counts when it is sent again."""
        self.data = self.data.copy()
        self.data[self.add_prefix("key")] = uuid.uuid4().hex


class FingerprintField(forms.CharField):
    """A hidden field that never counts as changed."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def has_changed(self, initial, data):  # noqa: ARG002 - Django's signature
        return False


class FingerprintMixin:
    """A model form that is compared with its row when it is cleaned, in the transaction that saves it.

    A form that carries out an action names in `relies_on` the columns that the action depends on.
    """

    relies_on: tuple[str, ...] = ()
    conflict: EditConflict | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields[FIELD] = FingerprintField(initial=self.compared().fingerprint)

    def full_clean(self):
        super().full_clean()
        if self.is_bound and FIELD in self.fields and not self._errors:
            compared = self.compared()
            self.conflict = compared.conflict()
            if self.conflict:
                self.add_error(None, self.conflict)
                compared.show_again()

    def compared(self) -> Comparison:
        return Comparison(self, self.instance, relies_on=self.relies_on)


def fingerprinted(form_class: type[forms.BaseModelForm]) -> type[forms.BaseModelForm]:
    relies_on = getattr(form_class, "relies_on", ())
    return type(form_class.__name__, (FingerprintMixin, form_class), {"relies_on": relies_on})


class RowForm(forms.Form):
    """Changes the columns of a row named like its fields, or carries out an action on the row as shown."""

    columns: tuple[str, ...] | None = None  # that the form changes; None: one for each field
    relies_on: tuple[str, ...] = ()  # columns that were shown and that the action depends on
    conflict: EditConflict | None = None
    was_done = False  # before the form was submitted, so that nothing was left to do

    def __init__(self, *args, row: Model, initial: dict | None = None, **kwargs):
        self.row = row
        super().__init__(*args, initial=self.values_of(row) | (initial or {}), **kwargs)
        self.fields[FIELD] = FingerprintField(initial=self.compared().fingerprint)

    def full_clean(self):
        super().full_clean()
        if self.is_bound:
            self.cleaned_data.pop(FIELD, None)  # not an argument of the services

    def values_of(self, row: Model) -> dict[str, Any]:
        names = self.base_fields if self.columns is None else self.columns
        return {name: getattr(row, name) for name in names}

    def go_on(self):
        """The form with what was typed, for the row as it is now, which has been saved with it."""
        self.data = self.data.copy()
        self.data[self.add_prefix(FIELD)] = self.compared().fingerprint()
        return self

    def compared(self) -> Comparison:
        return Comparison(self, self.row, self.columns, self.relies_on)

    @property
    def status(self) -> int:
        return HTTPStatus.CONFLICT if self.conflict else HTTPStatus.OK

    def is_done(self, row: Model) -> bool:  # noqa: ARG002 - for subclasses
        """Whether the row already is as the form asks, because it was submitted twice."""
        return False

    def save_unless_changed(self, save: Callable[[], R]) -> R:
        """Call `save` while the row is locked; raises `EditConflict` if the row is not as it was shown."""
        try:
            return retried_atomic(self._compare_and_save)(save)
        except EditConflict as conflict:
            self.conflict = conflict
            self.compared().show_again()
            raise

    def _compare_and_save(self, save: Callable[[], R]) -> R:
        self.read_row()
        self.was_done = self.is_done(self.row)
        if not self.was_done and (conflict := self.compared().conflict()):
            raise conflict
        return save()

    def read_row(self) -> None:
        """Lock the row and take its current values as the initial values of the form."""
        row = lock_first(type(self.row)._base_manager.filter(pk=self.row.pk))
        if row is None:
            raise EditConflict(
                self.row, [Difference(str(self.row), _("no longer exists"), "", is_typed=False)]
            )
        self.row = row
        self.initial |= self.values_of(row)
        self._bound_fields_cache.clear()
        self.__dict__.pop("changed_data", None)


class StepForm(RowForm):
    """A button that takes a step of the row; it counts for the status that was shown beside it."""

    columns, relies_on = (), ("status",)

    def __init__(self, *args, to: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.to = to

    def is_done(self, row):
        return row.status == self.to


class FingerprintedFormSet(BaseInlineFormSet):
    """Inline rows, each with its own fingerprint; a row deleted in the meantime is a conflict."""

    conflict: EditConflict | None = None

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if index is not None and index < self.initial_form_count():
            form.fields[FIELD] = FingerprintField(initial=Comparison(form, form.instance).fingerprint)

    def get_queryset(self):
        if self.is_bound and not hasattr(self, "_queryset"):
            rows = self.model._base_manager.filter(**{self.fk.attname: self.instance.pk})
            lock_rows(rows.order_by("pk").only("pk"))
        return super().get_queryset()

    def full_clean(self):
        super().full_clean()
        if not self.is_bound:
            return
        gone = [form for form in self.initial_forms if form.instance.pk is None]
        if gone or not any(self._errors):
            self.compare(gone)

    def compare(self, gone: list) -> None:
        differences, changed = [self.was_deleted(form) for form in gone], None
        for form in self.initial_forms:
            if form not in gone and (found := self.differences_of(form)):
                changed = changed or form.instance
                differences += found
        if differences:
            self.conflict = EditConflict(changed, differences)
            self._non_form_errors.append(self.conflict)
            self.show_again([form for form in self.initial_forms if form not in gone])

    def differences_of(self, form) -> list[Difference]:
        compared = Comparison(form, form.instance)
        if self._should_delete_form(form):
            found = compared.conflict_of_deleting()
        else:
            found = compared.conflict() if form.has_changed() else None
        differences = found.differences if found else []
        return [replace(one, label=f"{form.instance}: {one.label}") for one in differences]

    def was_deleted(self, form) -> Difference:
        boxes = [(name, box) for name, box in form.fields.items() if is_seen(name, box)]
        typed = [words_for(form.cleaned_data[name], box) for name, box in boxes if name in form.cleaned_data]
        entered = ", ".join(word for word in typed if word)
        return Difference(
            capfirst(self.model._meta.verbose_name), _("no longer exists"), entered, is_typed=True
        )

    def show_again(self, kept: list) -> None:
        """Make the formset unbound, with the rows that still exist and the new ones."""
        added = [form for form in self.extra_forms if form.has_changed()]
        deleted = [form for form in kept if self._should_delete_form(form)]
        for index, form in enumerate([*kept, *added]):
            Comparison(form, form.instance).show_again()
            form.prefix = self.add_prefix(index)
            form.initial[DELETION_FIELD_NAME] = form in deleted
        self.forms, self.extra, self.is_bound = [*kept, *added], len(added), False
        self._queryset = [form.instance for form in kept]
        self._errors = [{} for _form in self.forms]
        self.__dict__.pop("management_form", None)
