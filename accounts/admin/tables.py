"""Import through the services, and export of the rows that `visible_to` shows."""

from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm
from import_export.resources import ModelResource

from audit.capture.reads import shows_patients
from audit.capture.recorder import record_event
from audit.models import Action


class ServiceResource(ModelResource):
    """Exports the rows visible to `by`; imports rows through a service with `by`."""

    def __init__(self, by=None, **kwargs):
        super().__init__(**kwargs)
        self.by = by

    def get_queryset(self):
        return super().get_queryset().visible_to(self.by)

    def do_instance_save(self, instance, is_create):
        raise NotImplementedError

    def imported(self, instance) -> dict:
        names = [field.attribute for field in self.get_import_fields()]
        return {name: getattr(instance, name) for name in names if name not in self.kept}

    kept: tuple[str, ...] = ()  # columns that identify a row or that an import does not change


class TablesMixin(ImportExportMixin):
    """Import and export as CSV and XLSX, by permission; every export is logged."""

    import_formats = export_formats = [CSV, XLSX]
    export_form_class = ExportForm

    def get_import_resource_kwargs(self, request, **kwargs):
        return super().get_import_resource_kwargs(request, **kwargs) | {"by": request.user}

    def get_export_resource_kwargs(self, request, **kwargs):
        return super().get_export_resource_kwargs(request, **kwargs) | {"by": request.user}

    def get_export_data(self, file_format, request, queryset, **kwargs):
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        count = queryset.count()
        if not count or not shows_patients(self.model):  # otherwise the export is logged with its patients
            details = {"table": self.opts.label_lower, "rows": count, "filter": request.GET.dict()}
            record_event(Action.EXPORT, details=details)
        return data
