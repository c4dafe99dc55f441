"""Invitations: who gets a login chooses the password through a link, and nobody else knows it."""

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from accounts.models import User


def send_password_link(request: HttpRequest, user: User) -> bool:
    """Send the link to the login's address; False, and no letter, to a login that is closed."""
    form = ResetPasswordForm({"email": user.email})
    if not user.is_active or not form.is_valid():
        return False
    form.save(request)
    return True
