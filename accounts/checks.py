"""Operators set up second factors."""

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from accounts.roles import Role

SEES_EVERYTHING = {Role.ADMINISTRATOR, Role.AUDITOR}


def require_known_roles() -> None:
    """Refuse to start with a misspelt role, which would protect nobody."""
    if unknown := sorted(set(settings.MFA_REQUIRED_ROLES) - set(Role)):
        known = ", ".join(Role)
        raise ImproperlyConfigured(
            f"MFA_REQUIRED_ROLES: no such role: {', '.join(unknown)}. There are: {known}."
        )


@checks.register(checks.Tags.security, deploy=True)
def those_who_see_everything_use_a_second_factor(**_options) -> list[checks.CheckMessage]:
    missing = sorted(SEES_EVERYTHING - set(settings.MFA_REQUIRED_ROLES))
    if not missing:
        return []
    return [
        checks.Warning(
            f"These roles may log in with a password alone: {', '.join(missing)}.",
            hint="Set MFA_REQUIRED_ROLES=administrator,auditor",
            id="accounts.W001",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def proxies_are_counted(**_options) -> list[checks.CheckMessage]:
    """Behind an uncounted proxy all visitors share one address, and with it one limit of failed logins."""
    if not settings.SECURE_PROXY_SSL_HEADER or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return []
    return [
        checks.Warning(
            "A proxy terminates TLS, but none is counted: limits take all visitors for one.",
            hint="Set TRUSTED_PROXY_COUNT to the number of proxies that add to X-Forwarded-For.",
            id="accounts.W002",
        )
    ]
