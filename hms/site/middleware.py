"""Rules for every response of the project."""

import logging
from http import HTTPStatus

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers

from hms.core.refusals import Refusal

logger = logging.getLogger(__name__)


METHODS = ("GET", "HEAD", "POST")


class MethodsMiddleware:
    """Refuse with 405 the methods that no page has: a page that tells GET from POST would answer like one.

    A view of the REST framework (which sets `cls`) has methods of its own and refuses the others itself.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, _args, _kwargs):
        if request.method in METHODS or hasattr(view, "cls"):
            return None
        return HttpResponseNotAllowed(METHODS)


class HeadMiddleware:
    """Answer HEAD like GET, with the same headers and length, without the body."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "HEAD":
            if response.streaming:
                response.streaming_content = []
            else:
                response.content = b""
        return response


class PolicyMiddleware(CSPMiddleware):
    """The policies of settings: what a page may load, put together once and again where a page adds to it,
    and what it may use of the browser."""

    def __init__(self, get_response):
        super().__init__(get_response)
        self.policy = build_policy()

    def process_response(self, request, response):
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if hasattr(request, "_csp_nonce") or any(name.startswith("_csp") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.policy)
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compress pages, unless one holds both somebody's data and what an address or a form says (BREACH)."""

    def process_response(self, request, response):
        is_page = response.get("Content-Type", "").startswith("text/html")
        if not is_page or response.streaming or has_secrets_beside_input(request):
            return response
        return super().process_response(request, response)


def has_secrets_beside_input(request) -> bool:
    """Whether the page is of a login, and may repeat something that came with the request."""
    with_session = settings.SESSION_COOKIE_NAME in request.COOKIES or request.session.accessed
    return with_session and (request.method not in ("GET", "HEAD") or bool(request.META["QUERY_STRING"]))


class RefusalMiddleware:
    """Answer a refusal that no page has shown with a page that repeats it, instead of an error of ours.

    It is logged as an error: a page should show its refusals itself, where they were caused.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, Refusal):
            return None
        logger.error("A page does not show its refusal: %s", exception.code, exc_info=exception)
        said = {"refusal": " ".join(exception.messages)}
        return render(request, "409.html", said, status=HTTPStatus.CONFLICT)


class PrivatePagesMiddleware:
    """What is one person's is kept nowhere; the pages that are the same for everybody, only by the browser.

    One person's is every answer to a login or with a form that changes something. After a logout the
    browser drops the pages that it has kept, too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if is_private(request):
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        elif "Cache-Control" not in response:
            response["Cache-Control"] = "no-cache"
            patch_vary_headers(response, ["Cookie"])
        if getattr(request, "has_logged_out", False):
            response["Clear-Site-Data"] = '"cache"'
        return response


def is_private(request) -> bool:
    """Whether an answer was made for a session, or carries the token of a form."""
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or request.session.accessed
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
    )


@receiver(user_logged_out)
def remember_the_logout(request, **_facts):
    if request is not None:
        request.has_logged_out = True
