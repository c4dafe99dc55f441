import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 - registered there, unregistered here
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.admin.forms import LoginForm, RoleFilter
from accounts.admin.resources import UserResource
from accounts.admin.tables import TablesMixin
from accounts.models import User
from accounts.roles import Role
from accounts.services import register_login, remove_second_factors, set_roles, update_login
from hms.core.admin import NoDeleteMixin, ReadOnlyMixin, ServiceAdmin, VisibleToMixin

# Shown with the login that they belong to, and nowhere else: they hold secrets.
for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


class LoginInline(ReadOnlyMixin, admin.TabularInline):
    """Something of a login that administrators may look at."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return request.user.has_perm("accounts.assign_roles")


class EmailAddressInline(LoginInline):
    model = EmailAddress
    fields = readonly_fields = ["email", "verified", "primary"]


class SecondFactorInline(LoginInline):
    model = Authenticator
    fields = readonly_fields = ["type", "created_at", "last_used_at"]
    verbose_name_plural = _("second factors")


class SessionInline(LoginInline):
    model = UserSession
    fields = readonly_fields = ["created_at", "ip", "user_agent"]
    verbose_name_plural = _("where they are logged in")


@admin.register(User)
class UserAdmin(TablesMixin, NoDeleteMixin, VisibleToMixin, ServiceAdmin):
    form = LoginForm
    resource_classes = [UserResource]
    inlines = [EmailAddressInline, SecondFactorInline, SessionInline]
    list_display = ["full_name", "email", "role_list", "is_staff", "is_active", "last_login"]
    list_filter = [RoleFilter, "is_staff", "is_active"]
    date_hierarchy = "joined_at"
    show_full_result_count = False
    list_per_page = 50
    search_fields = ["email"]  # what the box means is said by UserQuerySet.matching
    search_help_text = _("E-mail address or the beginning of a name")
    readonly_fields = ["role_list", "is_staff", "is_superuser", "joined_at", "last_login"]
    actions = ["send_password_link", "remove_second_factors"]

    def get_fieldsets(self, request, obj=None):
        person = ["full_name", "email", "phone"]
        if obj is None:
            return [(None, {"fields": [*person, "roles", "send_link"]})]
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": [*person, "role_list", "is_active"]})]
        given = ["roles", "is_active", ("is_staff", "is_superuser")]
        return [(None, {"fields": [*person, *given, ("joined_at", "last_login")]})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_search_results(self, request, queryset, search_term):  # noqa: ARG002
        return (queryset.matching(search_term) if search_term else queryset), False

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.user.is_superuser or not obj.is_superuser)

    @admin.display(description=_("roles"))
    def role_list(self, user):
        labels = dict(Role.choices)
        return ", ".join(str(labels.get(group.name, group.name)) for group in user.groups.all())

    def save_with_service(self, request, obj, form):
        roles = form.cleaned_data["roles"]
        if obj.pk is None:
            fields = {name: form.cleaned_data[name] for name in ("email", "full_name", "phone")}
            obj.pk = register_login(by=request.user, roles=roles, **fields).pk
            if form.cleaned_data["send_link"]:
                transaction.on_commit(lambda: self._send_link(request, obj))
            return
        changed = set(form.changed_data)
        changes = {name: form.cleaned_data[name] for name in changed & {*form._meta.fields}}
        if changes:
            update_login(user=obj, by=request.user, **changes)
        if "roles" in changed:
            set_roles(user=obj, roles=roles, by=request.user)

    @admin.action(description=_("Send a link to choose a password"), permissions=["change"])
    def send_password_link(self, request, queryset):
        for user in queryset:
            self._send_link(request, user)

    @admin.action(description=_("Remove second factors (device lost)"), permissions=["change"])
    def remove_second_factors(self, request, queryset):
        for user in queryset:
            try:
                remove_second_factors(user=user, by=request.user)
                self.message_user(request, _("%s can set up a new one.") % user)
            except ValidationError as refusal:
                self.message_user(request, f"{user}: {refusal.messages[0]}", messages.ERROR)

    def _send_link(self, request, user: User) -> None:
        if user.is_active:
            request_password_reset(request, user.email, [user], None)
            self.message_user(request, _("A link was sent to %s.") % user.email)
