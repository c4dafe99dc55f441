from django.contrib import admin
from django.contrib.admin.widgets import (
    AdminTimeWidget,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hms.core.admin import ServiceInline
from scheduling.admin.directory import ADDRESS
from scheduling.admin.filters import RegistrationFilter
from scheduling.admin.invitations import InvitesMixin
from scheduling.admin.outside_hours import HoursAdmin
from scheduling.admin.resources import DoctorResource
from scheduling.admin.tables import HoursTablesMixin
from scheduling.admin.why import show_why
from scheduling.forms.staff_directory import WeeklyScheduleForm
from scheduling.forms.staff_people import DoctorForm
from scheduling.models import Doctor, WeeklySchedule
from scheduling.services import save_weekly_schedule
from scheduling.services.directory import assign_nurses, save_doctor

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
class DoctorAdmin(InvitesMixin, HoursTablesMixin, HoursAdmin):
    form = DoctorForm
    list_display = [
        *("full_name", "department", "specialization", "fee", "registration_number"),
        *("registration", "is_active"),
    ]
    list_filter = ["is_active", RegistrationFilter, "department", "category"]
    list_select_related = ["department", "specialization"]
    search_fields = ["full_name", "specialization__name", "=registration_number"]
    autocomplete_fields = ["user", "department", "languages"]
    readonly_fields = ["rating", "rating_count", "nurse_list"]
    inlines = [ShiftInline]
    change_form_template = "admin/scheduling/change_doctor.html"
    resource_classes = [DoctorResource]
    fieldsets = [
        (None, {"fields": ["full_name", "department", "nurse_list", "is_active"]}),
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
        (_("Contact"), {"fields": [("phone", "phone_is_public"), ("email", "email_is_public")]}),
        (_("Public page"), {"fields": ["photo", "biography", ("rating", "rating_count")]}),
    ]

    def get_fieldsets(self, request, obj=None):
        """The home address and the login are only for people who may change doctors."""
        seen = super().get_fieldsets(request, obj)
        if not self.has_change_permission(request, obj):
            return seen
        first = (None, {"fields": ["full_name", "department", "nurses", "is_active"]})
        login = (_("Login"), {"fields": self.login_fields(request, obj)})
        return [first, *seen[1:], login, ADDRESS]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "nurses" in form.base_fields:
            nurses = Doctor._meta.get_field("nurses")
            form.base_fields["nurses"].widget = AutocompleteSelectMultiple(nurses, self.admin_site)
        return form

    def save_with_service(self, request, obj, form):
        save_doctor(doctor=obj, by=request.user)
        if "nurses" in form.changed_data:
            assign_nurses(doctor=obj, nurses=form.cleaned_data["nurses"], by=request.user)
        self.invite(request, obj, form)

    def save_row_with_service(self, request, row):
        save_weekly_schedule(schedule=row, by=request.user)

    @admin.display(description=_("nurses"))
    def nurse_list(self, doctor):
        return ", ".join(map(str, doctor.nurses.all())) or "-"

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
