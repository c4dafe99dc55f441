from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models.named import NAME_KEYS, Named
from accounts.names import tidy_email
from accounts.querysets import UserQuerySet
from accounts.roles import Role
from audit.models.audited import Audited


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=tidy_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True} | fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=tidy_email(email))


class User(Audited, Named, AbstractBaseUser, PermissionsMixin):
    """One login: of a member of staff, or of a person who acts for patients, often only for themself."""

    log_exclude = ("last_login", *NAME_KEYS)
    log_reads = True
    log_masked = ("password",)
    log_access = ("groups", "user_permissions", "is_staff", "is_superuser", "is_active")

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("There is already an account with this e-mail address.")},
    )
    phone = PhoneNumberField(_("phone"), blank=True)
    is_active = models.BooleanField(_("may log in"), default=True)
    is_staff = models.BooleanField(_("may enter the staff site"), default=False)
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["full_name", "pk"]
        base_manager_name = "objects"
        verbose_name = _("user")
        verbose_name_plural = _("users")
        permissions = [
            ("assign_roles", _("Can give and take roles")),
            ("import_user", _("Can import users")),
            ("export_user", _("Can export users")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="accounts_user_email_is_lower_case"
            ),
        ]

    def __str__(self):
        return self.full_name or self.email

    def save(self, *args, **kwargs):
        self.email = tidy_email(self.email)
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ", 1)[0] if self.full_name else self.email

    def has_role(self, *roles: Role) -> bool:
        """Whether the user holds one of the roles; one query per user object."""
        return bool(self.role_names & {role.value for role in roles})

    @property
    def role_names(self) -> set[str]:
        if not hasattr(self, "_role_names"):
            self._role_names = set(self.groups.values_list("name", flat=True))
        return self._role_names

    def forget_rights(self) -> None:
        """Drop the cached roles and permissions after a change."""
        for cached in ("_role_names", "_perm_cache", "_user_perm_cache", "_group_perm_cache"):
            self.__dict__.pop(cached, None)
