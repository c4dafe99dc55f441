from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.idle import has_idled, remember_the_use
from accounts.kept_forms import keep
from accounts.mfa import REAL_FACTORS, must_have_second_factor
from hms.core.parts import is_of_staff_site, told_in_words

# Pages that stay open to somebody who must set up a second factor: to do so, or to log out.
OPEN_VIEWS = {
    "account_confirm_email",
    "account_email",
    "account_email_verification_sent",
    "account_logout",
    "account_reauthenticate",
}


class LoginMiddleware(AuthenticationMiddleware):
    """Whoever sends no session's cookie is nobody, without asking for a session."""

    def process_request(self, request):
        super().process_request(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            request.user = AnonymousUser()
        else:
            request.user = SimpleLazyObject(lambda: _user_in_use(request))


def _user_in_use(request):
    """The user of the session; whoever comes back after a longer pause than the setting is logged out."""
    request.user = get_user(request)
    if request.user.is_authenticated and has_idled(request):
        logout(request)
    return request.user


class IdleMiddleware:
    """Remembers that a login was used, on pages that ask who it is; see `accounts.idle`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.session.accessed and request.user.is_authenticated:
            remember_the_use(request, response)
        return response


class RequireMfaMiddleware:
    """Redirects users whose role requires a second factor until they have set one up.

    Makes no query if no role requires one or if the visitor has no session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):  # noqa: ARG002
        if not settings.MFA_REQUIRED_ROLES or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if _is_open(request.resolver_match) or not _lacks_second_factor(request):
            return None
        if request.htmx and is_of_staff_site(request):
            return told_in_words(request, "admin/_second_factor_first.html", {"target": reverse("mfa_index")})
        messages.warning(request, _("Your role requires a second factor. Set one up to continue."))
        comes_back = request.method == "GET" or (
            request.method == "POST" and is_of_staff_site(request) and keep(request, request.user.pk)
        )
        here = request.get_full_path() if comes_back else "/"
        target = f"{reverse('mfa_index')}?{urlencode({'next': here})}"
        return HttpResponseClientRedirect(target) if request.htmx else redirect(target)


def _is_open(match) -> bool:
    name = match.url_name or ""
    return not match.namespaces and (name in OPEN_VIEWS or name.startswith("mfa_"))


def _lacks_second_factor(request) -> bool:
    user = request.user
    if not user.is_authenticated or not must_have_second_factor(user):
        return False
    return not is_mfa_enabled(user, REAL_FACTORS)
