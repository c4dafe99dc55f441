"""People as a table, out and in: rows come in through the services and go out by `visible_to`."""

from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm
from import_export.resources import ModelResource

from audit.capture.reads import shows_patients
from audit.capture.recorder import record_event
from audit.models import Action


class ServiceResource(ModelResource):
    """A table whose rows are those that `by` may see, and are saved by a service on behalf of `by`."""

    def __init__(self, by=None, **kwargs):
        super().__init__(**kwargs)
        self.by = by

    def get_queryset(self):
        return super().get_queryset().visible_to(self.by)

    def do_instance_save(self, instance, is_create):
        raise NotImplementedError

    def imported(self, instance) -> dict:
        """The values of the row, for a service that changes what is named."""
        names = [field.attribute for field in self.get_import_fields()]
        return {name: getattr(instance, name) for name in names if name not in self.kept}

    kept: tuple[str, ...] = ()  # columns that identify a row, or that no import changes


class TablesMixin(ImportExportMixin):
    """Import and export by permission, as CSV and XLSX; every export is in the log."""

    import_formats = export_formats = [CSV, XLSX]
    export_form_class = ExportForm

    def get_import_resource_kwargs(self, request, **kwargs):
        return super().get_import_resource_kwargs(request, **kwargs) | {"by": request.user}

    def get_export_resource_kwargs(self, request, **kwargs):
        return super().get_export_resource_kwargs(request, **kwargs) | {"by": request.user}

    def get_export_data(self, file_format, request, queryset, **kwargs):
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        count = queryset.count()
        if not count or not shows_patients(self.model):  # else it is logged with whose rows they are
            details = {"table": self.opts.label_lower, "rows": count, "filter": request.GET.dict()}
            record_event(Action.EXPORT, details=details)
        return data
