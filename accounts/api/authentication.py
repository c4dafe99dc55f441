from allauth.mfa.utils import is_mfa_enabled
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, Token

from accounts.mfa import REAL_FACTORS, must_have_second_factor
from accounts.models import User
from accounts.services.token_sessions import user_of_token


class TokenNotValid(AuthenticationFailed):
    default_code = "token_not_valid"
    default_detail = _("This token is not valid, or not any more. Log in again or refresh it.")


class SecondFactorRequired(PermissionDenied):
    default_code = "second_factor_required"
    default_detail = _("Your role requires a second factor. Set one up on the hospital's site first.")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`, valid while its session lasts; no session's cookie counts."""

    def authenticate(self, request) -> tuple[User, Token] | None:
        if known := getattr(request._request, "login_of_token", None):
            return known
        scheme, _space, text = get_authorization_header(request).partition(b" ")
        if not scheme:
            return None
        if scheme.lower() != b"bearer":
            raise TokenNotValid
        return read(text.strip(), AccessToken)

    def authenticate_header(self, request) -> str:  # noqa: ARG002
        return 'Bearer realm="api"'


def read(text: bytes | str, kind: type[Token]) -> tuple[User, Token]:
    """The user of a token and what it says; refuses one that has ended."""
    try:
        token = kind(text)
        user = user_of_token(sid=token["sid"], user_id=token["user_id"])
    except (TokenError, KeyError, ValueError) as error:
        raise TokenNotValid from error
    if user is None:
        raise TokenNotValid
    refuse_without_second_factor(user)
    return user, token


def refuse_without_second_factor(user: User) -> None:
    if must_have_second_factor(user) and not is_mfa_enabled(user, REAL_FACTORS):
        raise SecondFactorRequired
