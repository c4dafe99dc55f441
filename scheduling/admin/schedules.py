from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.core.periods import by_time
from scheduling.admin.outside_hours import HoursAdmin
from scheduling.forms.staff_directory import ScheduleExceptionForm, WeeklyScheduleForm, own_leave_form
from scheduling.models import ScheduleException, WeeklySchedule
from scheduling.own import reads_why
from scheduling.services import delete_exception, save_exception, save_weekly_schedule
from scheduling.services.permissions import is_own_manager, may_change_bookings, may_enter_leave


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
        ("branch", "room"),
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
        (_("Extra session"), {"fields": [("branch", "room"), ("slot_minutes", "capacity", "mode")]}),
    ]

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return shown if self.shows_private_values(request) else [name for name in shown if name != "reason"]

    def get_search_fields(self, request):
        searched = super().get_search_fields(request)
        may_read = self.shows_private_values(request)
        return searched if may_read else [name for name in searched if name != "reason"]

    def shows_private_values(self, request, obj=None) -> bool:
        return reads_why(request.user, obj or ScheduleException())

    def get_fieldsets(self, request, obj=None):
        if not self.enters_own_leave(request) or (obj and not self.is_own_leave(request, obj)):
            (title, first), *others = super().get_fieldsets(request, obj)
            reads_all = obj is None or self.shows_private_values(request, obj)
            fields = [name for name in first["fields"] if reads_all or name != "reason"]
            return [(title, {"fields": fields}), *others]
        covering = ["covered_by"] if may_change_bookings(request.user) else []
        return [(None, {"fields": ["starts_at", "ends_at", "reason", *covering]})]

    @admin.display(description=_("for"))
    def whom(self, exception):
        return exception.doctor or exception.department or _("everyone")

    # --- doctors enter their own leave

    def has_add_permission(self, request):
        return super().has_add_permission(request) or self.enters_own_leave(request)

    def has_change_permission(self, request, obj=None):
        may_change = super().has_change_permission(request, obj)
        return may_change or (self.is_own_leave(request, obj) and obj.ends_at > timezone.now())

    def has_delete_permission(self, request, obj=None):
        may_delete = super().has_delete_permission(request, obj)
        return may_delete or (self.is_own_leave(request, obj) and obj.starts_at > timezone.now())

    def add_view(self, request, form_url="", extra_context=None):
        if self.enters_own_leave(request):
            if not hasattr(request.user, "doctor"):
                raise PermissionDenied
            title = _("Enter leave") if may_change_bookings(request.user) else _("Ask for leave")
            extra_context = {"title": title} | (extra_context or {})
        return super().add_view(request, form_url, extra_context)

    def enters_own_leave(self, request) -> bool:
        """Whether the form is for the own leave only."""
        return is_own_manager(request.user) and not super().has_add_permission(request)

    def is_own_leave(self, request, obj) -> bool:
        return obj is not None and self.enters_own_leave(request) and may_enter_leave(request.user, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if self.enters_own_leave(request) and (obj is None or self.is_own_leave(request, obj)):
            kwargs["form"] = own_leave_form(request.user.doctor, is_entered=may_change_bookings(request.user))
        return super().get_form(request, obj, change=change, **kwargs)

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_exception(exception=obj, by=request.user)

    def delete_with_service(self, request, obj):
        delete_exception(exception=obj, by=request.user)
