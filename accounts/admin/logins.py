from collections.abc import Iterable
from datetime import datetime
from functools import partial

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 - registered there, unregistered here
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.admin.asking import say_it_waits
from accounts.admin.forms import LoginForm, RoleFilter
from accounts.admin.resources import UserResource
from accounts.admin.tables import LoggedTablesMixin
from accounts.invitations import send_password_link
from accounts.models import User
from accounts.roles import Role
from accounts.services import (
    ask_approval,
    register_login,
    remove_second_factors,
    set_roles,
    update_login,
)
from accounts.services.logins import GiveRole, roles_to_approve
from audit.reading.history import HistoryMixin
from hms.core.admin import MatchingMixin, NoDeleteMixin, ServiceAdmin, VisibleToMixin
from hms.core.periods import by_time

PERSON = ("full_name", "email", "phone")
# They hold secrets, and are only shown as part of their login.
for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


@admin.register(User)
class UserAdmin(HistoryMixin, LoggedTablesMixin, NoDeleteMixin, MatchingMixin, VisibleToMixin, ServiceAdmin):
    form = LoginForm
    resource_classes = [UserResource]
    list_display = ["full_name", "email", "role_list", "is_staff", "is_active", "last_login"]
    list_filter = [RoleFilter, "is_staff", "is_active", by_time("joined_at")]
    show_full_result_count = False
    list_per_page = 50
    search_fields = ["email"]  # shows the search box; UserQuerySet.matching searches
    search_help_text = _("E-mail address or the beginning of a name")
    readonly_fields = [
        *("role_list", "is_staff", "is_superuser", "joined_at", "last_login"),
        *("addresses", "second_factors", "sessions"),
    ]
    actions = ["send_password_link", "remove_second_factors"]

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": [*PERSON, "roles", "send_link"]})]
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": [*PERSON, "role_list", "is_active"]})]
        given = ["roles", "is_active", ("is_staff", "is_superuser")]
        return [
            (None, {"fields": [*PERSON, *given, ("joined_at", "last_login")]}),
            (_("Login methods and sessions"), {"fields": ["addresses", "second_factors", "sessions"]}),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.user.is_superuser or not obj.is_superuser)

    @admin.display(description=_("roles"))
    def role_list(self, user):
        labels = dict(Role.choices)
        return ", ".join(str(labels.get(group.name, group.name)) for group in user.groups.all())

    @admin.display(description=_("e-mail addresses"))
    def addresses(self, user):
        states = {True: _("confirmed"), False: _("not confirmed")}
        found = EmailAddress.objects.filter(user=user).order_by("pk")
        return lines(f"{row.email} ({states[row.verified]})" for row in found)

    @admin.display(description=_("second factors"))
    def second_factors(self, user):
        found = Authenticator.objects.filter(user=user).order_by("pk")
        return lines(f"{row.get_type_display()}, {moment(row.created_at)}" for row in found)

    @admin.display(description=_("active sessions"))
    def sessions(self, user):
        found = UserSession.objects.filter(user=user).order_by("pk")
        return lines(f"{moment(row.created_at)}, {row.ip}, {row.user_agent}" for row in found)

    def save_with_service(self, request, obj, form):
        """Roles that need a second administrator are asked for; all else is done."""
        roles = set(form.cleaned_data["roles"])
        to_approve = roles_to_approve(obj, roles)
        roles -= to_approve
        if obj.pk is None:
            person = {name: form.cleaned_data[name] for name in PERSON}
            user = register_login(by=request.user, roles=roles, **person)
            obj.pk = user.pk
            self._ask_for(request, obj, to_approve)
            if form.cleaned_data["send_link"]:
                transaction.on_commit(lambda: self._send_link(request, user))
            return
        changed = set(form.changed_data)
        changes = {name: form.cleaned_data[name] for name in changed & {*PERSON, "is_active"}}
        if "roles" in changed:
            set_roles(user=obj, roles=roles, by=request.user)
        if changes:
            update_login(user=obj, by=request.user, **changes)
        if "roles" in changed:
            self._ask_for(request, obj, to_approve)

    def _ask_for(self, request, user: User, roles: Iterable[Role]) -> None:
        for role in sorted(roles):
            asked = ask_approval(
                kind=GiveRole.name, about_pk=user.pk, values={"role": role.value}, by=request.user
            )
            transaction.on_commit(partial(say_it_waits, self, request, asked))

    @admin.action(description=_("Send a link to choose a password"), permissions=["change"])
    def send_password_link(self, request, queryset):
        for user in queryset:
            self._send_link(request, user)

    @admin.action(description=_("Remove second factors (device lost)"), permissions=["change"])
    def remove_second_factors(self, request, queryset):
        for user in queryset:
            try:
                remove_second_factors(user=user, by=request.user)
                self.message_user(request, _("%s can now set up a new second factor.") % user)
            except ValidationError as refusal:
                self.message_user(request, f"{user}: {refusal.messages[0]}", messages.ERROR)

    def _send_link(self, request, user: User) -> None:
        if send_password_link(request, user):
            self.message_user(request, _("A link was sent to %s.") % user.email)


def lines(texts: Iterable[str]) -> str:
    return format_html_join(mark_safe("<br>"), "{}", ((text,) for text in texts)) or "-"


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
