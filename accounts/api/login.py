"""What the login page asks, in one request: password, confirmed address, second factor.

Wrong passwords and codes count with those of the page, under the same names.
"""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, Throttled

from accounts.api.authentication import refuse_without_second_factor
from accounts.mfa import REAL_FACTORS
from accounts.models import User

FAILURES_COUNT_FOR_S = 5 * 60


class InvalidCredentials(AuthenticationFailed):
    default_code = "invalid_credentials"
    default_detail = _("The e-mail address and the password do not belong together.")


class OtpRequired(AuthenticationFailed):
    default_code = "otp_required"
    default_detail = _("This login has a second factor. Send its code, or a recovery code, as `otp` too.")


class OtpWrong(AuthenticationFailed):
    default_code = "otp_wrong"
    default_detail = _("The code is not correct.")


class EmailNotConfirmed(PermissionDenied):
    default_code = "email_not_confirmed"
    default_detail = _("The e-mail address has not been confirmed. Follow the link in the message first.")


class TooManyFailures(Throttled):
    default_code = "too_many_failures"
    default_detail = _("Too many failed attempts. Try again later.")
    extra_detail_singular = extra_detail_plural = ""


def authenticate(request, *, email: str, password: str, otp: str) -> User:
    """The user; refuses everybody else with the same words, whether there is such a login or not."""
    try:
        user = get_adapter(request).authenticate(request, email=email, password=password)
    except ValidationError as error:
        raise TooManyFailures(FAILURES_COUNT_FOR_S) from error
    if user is None or not user.is_active:
        raise InvalidCredentials
    _require_confirmed(user)
    refuse_without_second_factor(user)
    _require_code(user, otp)
    return user


def limited(request, action: str, key: str | None = None) -> None:
    """Count the request with those of the page that does the same."""
    if not ratelimit.consume(request, action=action, key=key):
        raise TooManyFailures(FAILURES_COUNT_FOR_S)


def _require_confirmed(user: User) -> None:
    if settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
        return
    if not EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        raise EmailNotConfirmed


def _require_code(user: User, otp: str) -> None:
    if not is_mfa_enabled(user, REAL_FACTORS):
        return
    if not otp:
        raise OtpRequired
    form = AuthenticateForm({"code": otp}, user=user)
    if not form.is_valid():
        if form.has_error("code", "too_many_login_attempts"):
            raise TooManyFailures(FAILURES_COUNT_FOR_S)
        raise OtpWrong
    form.authenticator.record_usage()
