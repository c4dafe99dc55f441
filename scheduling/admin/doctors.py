from django.contrib import admin
from django.contrib.admin.widgets import AdminTimeWidget, RelatedFieldWidgetWrapper
from django.db import models
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hms.core.admin import ServiceInline
from hms.core.tables.admin import TablesMixin
from scheduling.admin.directory import ADDRESS
from scheduling.admin.filters import RegistrationFilter
from scheduling.admin.outside_hours import HoursAdmin
from scheduling.admin.resources import DoctorResource
from scheduling.admin.why import show_why
from scheduling.availability import outside_hours
from scheduling.forms.staff_directory import WeeklyScheduleForm
from scheduling.models import Appointment, Doctor, WeeklySchedule
from scheduling.services import save_weekly_schedule
from scheduling.services.directory import save_doctor

EXPIRES_SOON_DAYS = 60


class ShiftInline(ServiceInline):
    model = WeeklySchedule
    form = WeeklyScheduleForm
    extra = 0
    fields = [
        *("weekday", "starts_at", "ends_at", "slot_minutes", "capacity", "mode", "branch"),
        *("valid_from", "valid_until"),
    ]
    ordering = ["weekday", "starts_at"]

    formfield_overrides = {models.TimeField: {"widget": AdminTimeWidget(format="%H:%M")}}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the icons next to the branch, so that a shift fits on one line."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


@admin.register(Doctor)
class DoctorAdmin(TablesMixin, HoursAdmin):
    list_display = [
        *("full_name", "department", "specialization", "fee", "registration_number"),
        *("registration", "is_active"),
    ]
    list_filter = ["is_active", RegistrationFilter, "department", "category"]
    list_select_related = ["department"]
    search_fields = ["full_name", "specialization", "=registration_number"]
    autocomplete_fields = ["user", "department", "languages"]
    readonly_fields = ["rating", "rating_count"]
    inlines = [ShiftInline]
    change_form_template = "admin/scheduling/change_doctor.html"
    resource_classes = [DoctorResource]
    skip_admin_log = False
    fieldsets = [
        (None, {"fields": ["full_name", "department", "is_active"]}),
        (
            _("Registration"),
            {"fields": [("registration_number", "registration_council"), "registration_expires_on"]},
        ),
        (
            _("Practice"),
            {
                "fields": [
                    *("specialization", "category", "degree", "practising_since", "fee"),
                    *("first_visit_slots", "gender", "languages"),
                ]
            },
        ),
        (_("Public page"), {"fields": ["photo", "biography", ("rating", "rating_count")]}),
        (_("Login"), {"fields": ["user"]}),
        ADDRESS,
    ]

    def get_fieldsets(self, request, obj=None):
        """The home address and the login are only for people who may change doctors."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if self.has_change_permission(request, obj) else fieldsets[:4]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_doctor(doctor=obj, by=request.user)

    def save_row_with_service(self, request, row):
        save_weekly_schedule(schedule=row, by=request.user)

    @admin.display(description=_("registered until"), ordering="registration_expires_on")
    def registration(self, doctor):
        left = (doctor.registration_expires_on - timezone.localdate()).days
        if left < 0:
            return format_html('<strong class="is-late">{}</strong>', _("expired"))
        if left <= EXPIRES_SOON_DAYS:
            soon = _("%(day)s, in %(left)d days")
            said = soon % {"day": doctor.registration_expires_on, "left": left}
            return format_html('<strong class="is-soon">{}</strong>', said)
        return doctor.registration_expires_on

    # --- pages

    def get_urls(self):
        def why(request, object_id):
            return show_why(self, request, object_id)

        view = self.admin_site.admin_view(why)
        own = [path("<path:object_id>/why/", view, name="scheduling_doctor_why")]
        return own + super().get_urls()

    # --- tables in and out

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_change_permission(request)

    def process_result(self, result, request):
        """An import has no confirmation page, so the warning about working hours comes afterwards."""
        response = super().process_result(result, request)
        if outside := outside_hours(Appointment.objects.visible_to(request.user)):
            self.warn_who_is_outside(request, len(outside))
        return response
