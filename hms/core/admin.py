"""What the hospital's admin classes are made of: the admin is a client of the services.

A save goes through a service, in one transaction that is run again when the database gives it up.
What the service refuses is shown at the form it came from, and nothing has been written.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from hms.core.transactions import retried_atomic


class Refused(Exception):
    """Carries a service's refusal out of the middle of a save, past the end of its transaction."""

    def __init__(self, error: ValidationError):
        super().__init__(error)
        self.error = error


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what a service or the database refuses into `Refused`, which `ServiceAdmin` shows."""
    try:
        yield
    except ValidationError as error:
        raise Refused(error) from error
    except (ProtectedError, RestrictedError) as error:
        in_use = _("This is in use and can not be deleted.")
        raise Refused(ValidationError(in_use, code="in_use")) from error
    except IntegrityError as error:
        clash = _("Somebody else has just saved something that this clashes with.")
        raise Refused(ValidationError(clash, code="clash")) from error


class ServiceAdmin(admin.ModelAdmin):
    """Saves and deletes through services; a subclass says through which."""

    def save_with_service(self, request, obj, form) -> None:
        """Hand `obj`, filled from the form but not saved, to a service with `by=request.user`."""
        raise NotImplementedError

    def delete_with_service(self, request, obj) -> None:  # noqa: ARG002 - for subclasses
        """Hand `obj` to a service that deletes it or refuses; a plain delete unless overridden."""
        obj.delete()

    def save_model(self, request, obj, form, change):  # noqa: ARG002 - Django's signature
        with refusals():
            self.save_with_service(request, obj, form)

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
            return retried_atomic(view)(request, *args, **kwargs)
        except Refused as refused:
            request.refusal = refused.error
            return view(request, *args, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return form if refusal is None else refused_form(form, refusal)

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
        """Say what was refused on the page that was left."""
        for message in error.messages:
            self.message_user(request, message, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())


def refused_form(form_class: type, refusal: ValidationError) -> type:
    """The same form, which now also knows why the service said no."""

    class RefusedForm(form_class):
        def full_clean(self):
            super().full_clean()
            show_at_form(self, refusal)

    return RefusedForm


def show_at_form(form, refusal: ValidationError) -> None:
    """Put each message at its field, or above the form where the form has no such field."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for field, errors in refusal.error_dict.items():
        known = field != NON_FIELD_ERRORS and field in form.fields
        form.add_error(field if known else None, errors)


class NoDeleteMixin:
    """Rows that are never deleted: what happened, happened."""

    def has_delete_permission(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return False


class ReadOnlyMixin(NoDeleteMixin):
    """Rows that are only looked at here; whoever may view them sees them."""

    def has_add_permission(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return False


class ReadOnlyAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """A list and its details, without a form."""


class VisibleToMixin:
    """Nobody sees what is not theirs: every page, search and export starts from `visible_to`."""

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)
