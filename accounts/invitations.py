"""Invitations: who gets a login chooses the password through a link, and nobody else knows it."""

from allauth.account.internal.flows.password_reset import request_password_reset
from django.http import HttpRequest

from accounts.models import User


def send_password_link(request: HttpRequest, user: User) -> bool:
    """Send the link to the login's address; False, and no letter, to a login that is closed."""
    if user.is_active:
        request_password_reset(request, user.email, [user], None)
    return user.is_active
