from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from scheduling.admin.directory import ADDRESS, DirectoryAdmin
from scheduling.admin.outside_hours import HoursAdmin
from scheduling.admin.resources import DepartmentResource
from scheduling.admin.tables import HoursTablesMixin
from scheduling.forms.staff_directory import DepartmentForm
from scheduling.models import Branch, Department, Specialization
from scheduling.services.directory import save_branch, save_department, save_specialization


@admin.register(Branch)
class BranchAdmin(HoursAdmin):
    list_display = ["name", "code", "city", "phone", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}
    autocomplete_fields = ["staff"]
    fieldsets = [
        (None, {"fields": ["name", "code", "phone", "is_active", "staff"]}),
        (_("For patients"), {"fields": ["opening_hours", "directions", "map_url"]}),
        ADDRESS,
        (_("In the house"), {"fields": ["waiting_room"]}),
    ]
    readonly_fields = ["waiting_room"]

    @admin.display(description=_("waiting room"))
    def waiting_room(self, branch):
        if not branch.code:
            return "-"
        pages = [
            (reverse("scheduling:show-screen", args=[branch.code]), _("Screen with the tokens")),
            (reverse("scheduling:check-in") + "?kiosk", _("Page of a kiosk for checking in")),
            (reverse("scheduling:show-check-in-poster"), _("QR code for the wall")),
        ]
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', pages)

    def get_view_on_site_url(self, obj=None):
        """A closed branch has no page."""
        return super().get_view_on_site_url(obj) if obj and obj.code and obj.is_active else None

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_branch(branch=obj, by=request.user)


@admin.register(Department)
class DepartmentAdmin(HoursTablesMixin, HoursAdmin):
    form = DepartmentForm
    resource_classes = [DepartmentResource]
    list_display = ["name", "opens_at", "closes_at", "doctors_now", "changed_at", "is_active"]
    list_filter = ["is_active"]
    ordering = ["name"]  # repeated here: counting the doctors drops the order of the model
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "description", ("opens_at", "closes_at"), "head", "is_active"]
    fields += [("created_at", "changed_at")]
    readonly_fields = ["created_at", "changed_at"]
    autocomplete_fields = ["head"]

    def get_queryset(self, request):
        active = Count("doctors", filter=Q(doctors__is_active=True))
        return super().get_queryset(request).annotate(active_doctors=active)

    @admin.display(description=_("doctors"), ordering="active_doctors")
    def doctors_now(self, department):
        return department.active_doctors

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_department(department=obj, by=request.user)


@admin.register(Specialization)
class SpecializationAdmin(DirectoryAdmin):
    list_display = ["name", "doctors_now"]
    search_fields = ["name"]
    ordering = ["name"]
    fields = ["name"]

    def get_queryset(self, request):
        active = Count("doctors", filter=Q(doctors__is_active=True))
        return super().get_queryset(request).annotate(active_doctors=active)

    @admin.display(description=_("doctors"), ordering="active_doctors")
    def doctors_now(self, specialization):
        return specialization.active_doctors

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_specialization(specialization=obj, by=request.user)
