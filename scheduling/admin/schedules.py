from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from hms.core.periods import by_time
from scheduling.admin.outside_hours import HoursAdmin
from scheduling.forms.staff_directory import ScheduleExceptionForm, WeeklyScheduleForm
from scheduling.models import ScheduleException, WeeklySchedule
from scheduling.services import save_exception, save_weekly_schedule


@admin.register(WeeklySchedule)
class WeeklyScheduleAdmin(HoursAdmin):
    form = WeeklyScheduleForm
    list_display = [
        *("doctor", "weekday", "starts_at", "ends_at", "slot_minutes", "capacity", "mode"),
        *("branch", "valid_from", "valid_until"),
    ]
    list_filter = ["weekday", "branch", "mode", "doctor__department"]
    list_select_related = ["doctor", "branch"]
    search_fields = ["doctor__full_name"]
    autocomplete_fields = ["doctor"]
    ordering = ["doctor__full_name", "doctor", "weekday", "starts_at"]
    fields = [
        "doctor",
        ("weekday", "starts_at", "ends_at"),
        ("slot_minutes", "capacity", "mode"),
        "branch",
        ("valid_from", "valid_until"),
    ]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_weekly_schedule(schedule=obj, by=request.user)


@admin.register(ScheduleException)
class ScheduleExceptionAdmin(HoursAdmin):
    form = ScheduleExceptionForm
    list_display = ["kind", "whom", "starts_at", "ends_at", "reason"]
    list_display_links = ["kind", "whom"]
    list_filter = ["kind", "department", by_time("starts_at", months_to_come=6)]
    list_select_related = ["doctor", "department"]
    search_fields = ["doctor__full_name", "department__name", "reason"]
    autocomplete_fields = ["doctor", "department", "covered_by"]
    fieldsets = [
        (None, {"fields": ["kind", "doctor", "department", "starts_at", "ends_at", "reason", "covered_by"]}),
        (_("Extra session"), {"fields": ["branch", ("slot_minutes", "capacity", "mode")]}),
    ]

    @admin.display(description=_("for"))
    def whom(self, exception):
        return exception.doctor or exception.department or _("everyone")

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_exception(exception=obj, by=request.user)
