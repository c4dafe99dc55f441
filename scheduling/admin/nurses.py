from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from scheduling.admin.directory import ADDRESS, DirectoryAdmin
from scheduling.models import Nurse
from scheduling.services.directory import save_nurse


@admin.register(Nurse)
class NurseAdmin(DirectoryAdmin):
    list_display = ["full_name", "department", "registration_number", "phone", "is_active"]
    list_filter = ["is_active", "department"]
    list_select_related = ["department"]
    search_fields = ["full_name", "=registration_number"]
    autocomplete_fields = ["user", "department", "doctors"]
    fieldsets = [
        (None, {"fields": ["full_name", "department", "doctors", "is_active"]}),
        (_("Registration and contact"), {"fields": ["registration_number", "phone", "user"]}),
        ADDRESS,
    ]

    def get_fieldsets(self, request, obj=None):
        """The home address is only for people who may change nurses."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if self.has_change_permission(request, obj) else fieldsets[:1]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_nurse(nurse=obj, by=request.user)
