"""Base classes of the staff site, which saves and deletes through the services.

A save calls a service in one transaction, which is retried when the database aborts it.
When the service refuses, nothing is written and the form shows the refusal.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms import SplitDateTimeField
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from hms.core.changelist import HospitalModelAdmin
from hms.core.forms import FingerprintedFormSet
from hms.core.refusals import delete_or_refuse, put_on_form
from hms.core.signals import access_denied
from hms.core.transactions import retried_atomic


class Refused(Exception):
    """Carries a service's refusal out of a save, so that the transaction is rolled back."""

    def __init__(self, error: ValidationError, prefix: str | None = None):
        super().__init__(error)
        self.error = error
        self.prefix = prefix  # of the inline row that was refused; None: the form itself


@contextmanager
def refusals(prefix: str | None = None) -> Iterator[None]:
    """Turn a refusal of a service or of the database into `Refused`, which `ServiceAdmin` shows."""
    try:
        yield
    except ValidationError as error:
        raise Refused(error, prefix) from error
    except IntegrityError as error:
        clash = _("This conflicts with something that somebody else has just saved.")
        raise Refused(ValidationError(clash, code="clash"), prefix) from error


class ServiceAdmin(HospitalModelAdmin):
    """Saves and deletes through the services that a subclass calls."""

    class Media:
        js = ["js/admin-names.js"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Label the date box and the time box for screen readers."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, SplitDateTimeField):
            for box, name in zip(field.widget.widgets, (_("date"), _("time")), strict=True):
                box.attrs["aria-label"] = f"{field.label}: {name}"
        return field

    def save_with_service(self, request, obj, form) -> None:
        """Pass `obj`, filled from the form but not saved, to a service with `by=request.user`."""
        raise NotImplementedError

    def delete_with_service(self, request, obj) -> None:  # noqa: ARG002 - for subclasses
        """Delete `obj` or refuse; subclasses call a service."""
        delete_or_refuse(obj)

    def save_row_with_service(self, request, row) -> None:
        raise NotImplementedError

    def save_model(self, request, obj, form, change):  # noqa: ARG002 - Django's signature
        with refusals():
            self.save_with_service(request, obj, form)

    def save_formset(self, request, form, formset, change):  # noqa: ARG002 - Django's signature
        saved = formset.save(commit=False)
        for row in formset.deleted_objects:
            self.delete_model(request, row)
        prefixes = {id(row.instance): row.prefix for row in formset.forms}
        for row in saved:
            with refusals(prefixes[id(row)]):
                self.save_row_with_service(request, row)
        formset.save_m2m()

    def delete_model(self, request, obj):
        with refusals():
            self.delete_with_service(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)

    def changeform_view(self, request, *args, **kwargs):
        view = super().changeform_view
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            request.refusal = refused
            return view(request, *args, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        if refusal is None or refusal.prefix is not None:
            return form
        return refused_form(form, refusal.error)

    def delete_view(self, request, object_id, extra_context=None):
        view = super().delete_view
        if request.method != "POST":
            return view(request, object_id, extra_context)
        try:
            return retried_atomic(view)(request, object_id, extra_context)
        except Refused as refused:
            return self.show_refusal(request, refused.error)

    def changelist_view(self, request, extra_context=None):
        view = super().changelist_view
        if request.POST.get("action") != "delete_selected":
            return view(request, extra_context)
        try:
            return retried_atomic(view)(request, extra_context)
        except Refused as refused:
            return self.show_refusal(request, refused.error)

    def show_refusal(self, request, error: ValidationError) -> HttpResponseRedirect:
        for message in error.messages:
            self.message_user(request, message, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())


class NamedRowsFormSet(FingerprintedFormSet):
    """Labels the delete boxes for screen readers."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = _("Delete")


class ServiceInline(admin.TabularInline):
    """Rows saved by the parent's `save_row_with_service`; a refusal is shown at its row."""

    formset = NamedRowsFormSet
    template = "admin/edit_inline/tabular_with_heads.html"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Label each box for screen readers, which do not read the column heading."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and field.label:
            inner = getattr(field.widget, "widget", field.widget)
            inner.attrs["aria-label"] = field.label
        return field

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        refusal = getattr(request, "refusal", None)
        if refusal is None or refusal.prefix is None:
            return formset
        return refused_formset(formset, refusal)


def refused_form(form_class: type, refusal: ValidationError) -> type:
    class RefusedForm(form_class):
        def full_clean(self):
            super().full_clean()
            put_on_form(self, refusal)

    return RefusedForm


def refused_formset(formset_class: type, refusal: Refused) -> type:
    class RefusedFormSet(formset_class):
        def full_clean(self):
            super().full_clean()
            for row in self.forms:
                if row.prefix == refusal.prefix:
                    put_on_form(row, refusal.error)

    return RefusedFormSet


class NoDeleteMixin:
    def has_delete_permission(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return False


class ReadOnlyMixin(NoDeleteMixin):
    def has_add_permission(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return False


class ReadOnlyAdmin(ReadOnlyMixin, HospitalModelAdmin):
    """A list and a detail page without a form."""


class MatchingMixin:
    """The search box asks `matching` of the queryset; `search_fields` only makes Django show the box."""

    def get_search_results(self, request, queryset, search_term):  # noqa: ARG002 - Django's signature
        return (queryset.matching(search_term) if search_term.strip() else queryset), False


class VisibleToMixin:
    """Starts every page, box of choices, search and export from `visible_to`."""

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        rows = db_field.remote_field.model._default_manager.all()
        if hasattr(rows, "visible_to"):
            kwargs.setdefault("queryset", rows.visible_to(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        """The row if the person may see it; otherwise None, and the attempt is logged."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            access_denied.send(self.model, request=request, key=object_id)
        return found
