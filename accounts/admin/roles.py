import django.contrib.auth.admin  # noqa: F401 - registers Group, which is registered again here
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from audit.reading.history import HistoryMixin
from hms.core.changelist import HospitalModelAdmin

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(HistoryMixin, HospitalModelAdmin, GroupAdmin):
    """The roles and their members. Permissions come from the code; only superusers change them here."""

    list_display = ["label", "members"]
    readonly_fields = ["name"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(members=Count("user"))

    @admin.display(description=_("role"), ordering="name")
    def label(self, group):
        return Role(group.name).label if group.name in Role.values else group.name

    @admin.display(description=_("people"), ordering="members")
    def members(self, group):
        return group.members

    def has_add_permission(self, request):  # noqa: ARG002 - Django's signature
        return False

    def has_delete_permission(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return False
