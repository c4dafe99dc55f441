"""The page that exports a table."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm


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


class ExportPage(ExportMixin):
    """Export as CSV and XLSX, by permission."""

    export_formats = [CSV, XLSX]
    export_form_class = ExportForm

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
