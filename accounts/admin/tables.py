"""Import and export of people; every export is logged."""

from audit.capture.reads import reads_are_logged
from audit.capture.recorder import record_event
from audit.models import Action
from hms.core.tables.admin import TablesMixin


class LoggedTablesMixin(TablesMixin):
    """Logs an export without rows; others are logged as an access to their rows."""

    def get_export_data(self, file_format, request, queryset, **kwargs):
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        count = queryset.count()
        if not count or not reads_are_logged(self.model):
            details = {"table": self.opts.label_lower, "rows": count, "filter": request.GET.dict()}
            record_event(Action.EXPORT, details=details)
        return data
