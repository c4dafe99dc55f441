"""Logins of staff and carers, and their roles."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals import ApprovalKind
from accounts.exceptions import (
    AddressOfTwo,
    EmailTaken,
    HasRole,
    LoginOfTwo,
    OwnAdministratorRole,
    OwnLogin,
    RoleNeedsTwo,
    RolesNotYours,
    SuperuserOnly,
)
from accounts.models import User
from accounts.names import tidy, tidy_email
from accounts.roles import ROLES_OF_TWO, STAFF_ROLES, Role
from hms.core.locks import lock_rows
from hms.core.rights import SYSTEM, System, acting, require
from hms.core.transactions import retried_atomic


@retried_atomic
def register_login(
    *,
    by: User | System,
    email: str,
    full_name: str,
    phone: str = "",
    roles: Iterable[Role] = (),
    password: str | None = None,
) -> User:
    """Create a login with a confirmed e-mail address; refuses an address that is taken.

    Without a password, the login cannot be used until one is set through a link sent by e-mail.
    """
    require(by, "accounts.add_user")
    user = new_login(email=email, password=password, full_name=full_name, phone=phone)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return set_roles(user=user, roles=roles, by=by) if roles else user


@retried_atomic
def update_login(
    *,
    user: User,
    by: User | System,
    email: str | None = None,
    full_name: str | None = None,
    phone: str | None = None,
    is_active: bool | None = None,
) -> User:
    """Change the given values; refuses to deactivate oneself, and a superuser unless `by` is one.

    Refuses to change the address of another login that approves steps of two people, and to open it again.
    """
    user = lock_login(user, by, "accounts.change_user")
    old_email, was_active = user.email, user.is_active
    changes = {"email": email, "full_name": full_name, "phone": phone, "is_active": is_active}
    for field, value in changes.items():
        if value is not None:
            setattr(user, field, value)
    _check_activity(user, was_active, by)
    user.full_name, user.email = tidy(user.full_name), tidy_email(user.email)
    user.full_clean(exclude=["password"])
    user.save()
    if user.email != old_email:
        _replace_address(user, by)
    if not user.is_active:
        end_sessions(user)
    return user


def _check_activity(user: User, was_active: bool, by: User | System) -> None:
    if user.pk == by.pk and not user.is_active:
        raise OwnLogin
    if user.is_active and not was_active and _takes_over(user, by):
        raise LoginOfTwo


def _replace_address(user: User, by: User | System) -> None:
    if _takes_over(user, by):
        raise AddressOfTwo
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


@retried_atomic
def set_roles(*, user: User, roles: Iterable[Role], by: User | System) -> User:
    """Give exactly these roles; a staff role opens the staff site. Refuses all but administrators.

    Refuses to give a role that needs a second person, and to remove the administrator role from oneself, so
    that one administrator is always left.
    """
    if not acting(by).has_perm("accounts.assign_roles"):
        raise RolesNotYours
    user, roles = lock_login(user, by, "accounts.assign_roles"), {Role(role) for role in roles}
    loses = user.role_names - {role.value for role in roles}
    if user.pk == by.pk and Role.ADMINISTRATOR.value in loses:
        raise OwnAdministratorRole
    if by is not SYSTEM and roles_to_approve(user, roles):
        raise RoleNeedsTwo
    return _put_in_roles(user, roles)


def decides_with_others(user: User) -> bool:
    """Whether the login approves what needs two people: who reads its mail could take it over."""
    return user.is_superuser or any(role.value in user.role_names for role in ROLES_OF_TWO)


def _takes_over(user: User, by: User | System) -> bool:
    """Whether one person would get into the login of a second one."""
    return by is not SYSTEM and user.pk != by.pk and decides_with_others(user)


def roles_to_approve(user: User, roles: Iterable[Role]) -> set[Role]:
    """Those of the roles that the login does not have, and that one administrator alone cannot give."""
    held = user.role_names if user.pk else set()
    return {role for role in map(Role, roles) if role in ROLES_OF_TWO and role.value not in held}


class GiveRole(ApprovalKind):
    """One administrator asks for a role of a login, another one gives it."""

    name, label = "give_role", gettext_lazy("Give a role")
    about, permission = "accounts.user", "accounts.assign_roles"

    def check(self, about_pk, values, *, by):
        user, role = lock_login(User(pk=about_pk), by, self.permission), Role(values["role"])
        if not roles_to_approve(user, [role]):
            raise HasRole
        return _("Give %(user)s (%(email)s) the role “%(role)s”.") % {
            "user": user, "email": user.email, "role": role.label,
        }  # fmt: skip

    def narrowed(self, values):
        return values["role"]

    def carry_out(self, about_pk, values, *, reference, asked_by, by):  # noqa: ARG002
        self.check(about_pk, values, by=by)
        user = User.objects.get(pk=about_pk)
        _put_in_roles(user, {*map(Role, user.role_names), Role(values["role"])})


def _put_in_roles(user: User, roles: set[Role]) -> User:
    put_in_groups(user, roles)
    user.is_staff = user.is_superuser or bool(roles & STAFF_ROLES)
    user.save(update_fields=["is_staff"])
    return user


@retried_atomic
def remove_second_factors(*, user: User, by: User | System) -> None:
    """Remove all second factors and end all sessions, for a user who has lost their device.

    Refuses another login that approves steps of two people.
    """
    user = lock_login(user, by, "accounts.assign_roles")
    if _takes_over(user, by):
        raise LoginOfTwo
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)


def end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


def new_login(*, email: str, password: str | None, full_name: str, phone: str = "") -> User:
    """Create a user; refuses an address that is taken. The caller checks permissions."""
    user = User(email=tidy_email(email), full_name=tidy(full_name), phone=phone)
    user.set_password(password)
    user.full_clean(exclude=["password"], validate_unique=False)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise EmailTaken from taken
    return user


def put_in_groups(user: User, roles: Iterable[Role]) -> None:
    names = {role.value for role in roles}
    groups = list(Group.objects.filter(name__in=names))
    if len(groups) != len(names):
        raise ImproperlyConfigured("The roles' groups do not exist: run `manage.py migrate`.")
    user.groups.set(groups)
    user.forget_rights()


def lock_login(user: User, by: User | System, permission: str) -> User:
    """Lock the login's row; refuses without the permission, and a superuser unless `by` is one.

    Locks the row of `by` too and reads its rights again, so that two administrators cannot remove each other.
    """
    keys = {user.pk, acting(by).pk} - {None}
    rows = {row.pk: row for row in lock_rows(User.objects.filter(pk__in=keys).order_by("pk"))}
    user, by = rows[user.pk], rows.get(by.pk, by)
    require(by, permission)
    if user.is_superuser and not (by is SYSTEM or by.is_superuser):
        raise SuperuserOnly
    return user
