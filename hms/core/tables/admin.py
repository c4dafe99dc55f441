"""The pages that import and export tables."""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm, ExportForm
from import_export.tmp_storages import CacheStorage

from hms.core.tables.limits import LimitedCSV, LimitedImportForm, LimitedXLSX, TableTooLarge
from hms.core.tables.resources import is_changed, possible_duplicates

STORED_NAME = re.compile(r"[0-9a-f]{32}")


class TableFailed(Exception):
    """A table could not be written; the message has no values of rows, so it may be logged."""


@contextmanager
def without_values() -> Iterator[None]:
    """Name the kind and place of an error only: its message may quote a patient's data."""
    try:
        yield
    except (PermissionDenied, DisallowedModelAdminLookup):
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        raise TableFailed(f"{type(error).__name__} in {place.filename}, line {place.lineno}") from None


class FileOnceStorage(CacheStorage):
    """Keeps an uploaded file until it is taken: once, also by two requests at the same time."""

    def take(self) -> bytes | str | None:
        data = self.read()
        return data if data is not None and cache.delete(self.CACHE_PREFIX + self.name) else None


class ConfirmForm(ConfirmImportForm):
    """Carries a digest of each row as the preview showed it."""

    prints = forms.CharField(widget=forms.HiddenInput, required=False)


class TablesMixin(ImportExportMixin):
    """Import and export as CSV and XLSX, by permission.

    A confirmed import saves all rows of the file or none. It is refused if a row that it would change is no
    longer as the preview showed it, or if a new row has got another possible duplicate.
    """

    import_formats = export_formats = [LimitedCSV, LimitedXLSX]
    import_form_class = LimitedImportForm
    export_form_class = ExportForm
    confirm_form_class = ConfirmForm
    tmp_storage_class = FileOnceStorage

    # --- out

    def get_export_resource_kwargs(self, request, **kwargs):
        return super().get_export_resource_kwargs(request, **kwargs) | {"by": request.user}

    def get_export_queryset(self, request):
        try:
            return super().get_export_queryset(request)
        except IncorrectLookupParameters as error:
            raise DisallowedModelAdminLookup("The address has a wrong filter") from error

    def get_export_data(self, file_format, request, queryset, **kwargs):
        with without_values():
            return super().get_export_data(file_format, request, queryset, **kwargs)

    # --- in: the preview

    def get_import_resource_kwargs(self, request, form=None, **kwargs):
        """The digests of a preview go through the request to the form that confirms it, and come back."""
        request.import_prints = []
        expected = form.cleaned_data["prints"].split() if isinstance(form, ConfirmForm) else None
        own = {"by": request.user, "prints": request.import_prints, "expected": expected}
        return super().get_import_resource_kwargs(request, **kwargs) | own

    def get_confirm_form_initial(self, request, import_form):
        initial = super().get_confirm_form_initial(request, import_form)
        return initial | {"prints": " ".join(request.import_prints)} if import_form else initial

    def add_data_read_fail_error_to_form(self, form, error):
        if isinstance(error, TableTooLarge):
            form.add_error("import_file", error)
        else:
            super().add_data_read_fail_error_to_form(form, error)

    def import_action(self, request, **kwargs):
        response = super().import_action(request, **kwargs)
        result = response.context_data.get("result")
        if result and (count := possible_duplicates(result)):
            said = ngettext(
                "%(count)d new row may repeat one that is already there; see the last column.",
                "%(count)d new rows may repeat ones that are already there; see the last column.",
                count,
            )
            self.message_user(request, said % {"count": count}, messages.WARNING)
        return response

    # --- in: after it was confirmed

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        dataset = self.confirmed_dataset(form)
        if dataset is None:
            said = _("This file was already imported, or it is no longer kept. Choose it again to see.")
            self.message_user(request, said, messages.ERROR)
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))
        result = self.process_dataset(dataset, form, request, rollback_on_validation_errors=True, **kwargs)
        if result.has_errors() or result.has_validation_errors():
            return self.show_refused(request, result)
        return self.process_result(result, request)

    def confirmed_dataset(self, form: ConfirmForm):
        """The rows of the file; None if it is not there, or the form is not ours."""
        formats = dict(enumerate(self.get_import_formats()))
        if not form.is_valid() or form.cleaned_data.get("resource") not in ("", "0"):
            return None
        name, number = form.cleaned_data["import_file_name"], form.cleaned_data["format"]
        kind = formats.get(int(number)) if number.isdecimal() else None
        if kind is None or not STORED_NAME.fullmatch(name):
            return None
        data = FileOnceStorage(name=name).take()
        if data is None:
            return None
        try:
            return kind(encoding=self.from_encoding).create_dataset(data)
        except Exception:  # whatever a library raises for a file of another format
            return None

    def show_refused(self, request, result) -> TemplateResponse:
        """Show the rows that were refused; the person chooses the file again to see a new preview."""
        said = _("Nothing of the file has been saved. Choose the file again to see a new preview.")
        self.message_user(request, said, messages.ERROR)
        form = self.import_form_class(self.get_import_formats(), self.get_import_resource_classes(request))
        page = {**self.admin_site.each_context(request), "title": _("Import"), "opts": self.opts}
        page |= {"form": form, "media": self.media + form.media, "result": result, "fields_list": []}
        page |= {"import_error_display": self.import_error_display}
        status = HTTPStatus.CONFLICT if is_changed(result) else HTTPStatus.OK
        return TemplateResponse(request, [self.import_template_name], page, status=status)
