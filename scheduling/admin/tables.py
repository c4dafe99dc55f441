"""Import and export of the directory, for those who may change it."""

from hms.core.tables.admin import TablesMixin
from scheduling.availability import outside_hours
from scheduling.models import Appointment


class DirectoryTablesMixin(TablesMixin):
    skip_admin_log = False

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_change_permission(request)


class HoursTablesMixin(DirectoryTablesMixin):
    def process_result(self, result, request):
        """An import has no confirmation page, so the warning about working hours comes afterwards."""
        response = super().process_result(result, request)
        if outside := outside_hours(Appointment.objects.visible_to(request.user)):
            self.warn_who_is_outside(request, len(outside))
        return response
