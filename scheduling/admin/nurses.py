from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from scheduling.admin.directory import ADDRESS, DirectoryAdmin
from scheduling.admin.invitations import InvitesMixin
from scheduling.admin.resources import NurseResource
from scheduling.admin.tables import DirectoryTablesMixin
from scheduling.forms.staff_people import InvitationForm
from scheduling.models import Nurse
from scheduling.services.directory import save_nurse


@admin.register(Nurse)
class NurseAdmin(InvitesMixin, DirectoryTablesMixin, DirectoryAdmin):
    form = InvitationForm
    list_display = ["full_name", "department", "registration_number", "phone", "is_active"]
    list_filter = ["is_active", "department"]
    list_select_related = ["department"]
    search_fields = ["full_name", "=registration_number"]
    autocomplete_fields = ["user", "department", "doctors"]
    resource_classes = [NurseResource]

    def get_fieldsets(self, request, obj=None):
        """All but names is only for people who may change nurses."""
        first = (None, {"fields": ["full_name", "department", "doctors", "is_active"]})
        if not self.has_change_permission(request, obj):
            return [first]
        contact = {"fields": ["registration_number", "degree", "phone", "email"]}
        login = {"fields": self.login_fields(request, obj)}
        return [first, (_("Registration and contact"), contact), (_("Login"), login), ADDRESS]

    def save_with_service(self, request, obj, form):
        save_nurse(nurse=obj, by=request.user)
        self.invite(request, obj, form)
