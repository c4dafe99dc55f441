"""Public pages are answered again from memory for a few seconds, to visitors who are nobody in particular."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from hms.site.middleware import is_private

MOST_SECONDS = 5
MOST_PAGES, LARGEST_PAGE = 256, 128 * 1024
VIEWS = {
    "site:home",
    "site:find-care",
    "advice:list-articles",
    "advice:show-article",
    "scheduling:list-doctors",
    "scheduling:show-doctor",
    "scheduling:show-times",
    "scheduling:list-branches",
    "scheduling:show-branch",
    "scheduling:show-department",
    "scheduling:show-department-times",
}
# What else than the address an answer may depend on; one that says it depends on more is not kept.
HEADERS = ("Accept-Language", "HX-Request", "HX-History-Restore-Request")
UNDERSTOOD = {header.lower() for header in (*HEADERS, "Accept-Encoding", "Cookie")}


@dataclass(frozen=True)
class Kept:
    body: bytes
    headers: dict[str, str]
    until: float

    def answer(self) -> HttpResponse:
        return HttpResponse(self.body, headers=self.headers)


class PublicCacheMiddleware:
    """Keeps answers of VIEWS in the memory of this process, where neither side knows a person.

    Refused are requests with any cookie or an Authorization header; answers that set a cookie, are streamed,
    carry the token of a form, or were made with a session or a login.
    """

    def __init__(self, get_response):
        seconds = settings.PUBLIC_CACHE_SECONDS
        if not 0 <= seconds <= MOST_SECONDS:
            raise ImproperlyConfigured(f"PUBLIC_CACHE_SECONDS is {seconds}, and at most {MOST_SECONDS}.")
        if not seconds:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.seconds = seconds
        self.pages: OrderedDict[tuple, Kept] = OrderedDict()
        self.lock = threading.Lock()

    def __call__(self, request):
        if not is_anonymous(request):
            return self.get_response(request)
        key = key_of(request)
        if kept := self.kept(key):
            return kept.answer()
        asked_at = time.monotonic()
        response = self.get_response(request)
        if request.method == "GET" and is_the_same_for_all(request, response):
            self.keep(key, response, asked_at + self.seconds)
        return response

    def kept(self, key: tuple) -> Kept | None:
        kept = self.pages.get(key)
        return kept if kept and time.monotonic() < kept.until else None

    def keep(self, key: tuple, response: HttpResponse, until: float) -> None:
        page = Kept(response.content, dict(response.items()), until)
        with self.lock:
            self.pages[key] = page
            self.pages.move_to_end(key)
            while len(self.pages) > MOST_PAGES:
                self.pages.popitem(last=False)


def is_anonymous(request: HttpRequest) -> bool:
    sent = request.META
    return (
        request.method in ("GET", "HEAD") and not sent.get("HTTP_COOKIE") and "HTTP_AUTHORIZATION" not in sent
    )


def key_of(request: HttpRequest) -> tuple:
    """All that an answer to nobody in particular may depend on."""
    can_unzip = "gzip" in request.headers.get("Accept-Encoding", "")
    named = tuple(request.headers.get(header) for header in HEADERS)
    return request.scheme, request.get_host(), request.get_full_path(), can_unzip, *named


def is_the_same_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    match = getattr(request, "resolver_match", None)
    if (
        match is None
        or match.view_name not in VIEWS
        or response.status_code != HTTPStatus.OK
        or response.streaming
    ):
        return False
    if response.cookies or is_private(request) or request.user.is_authenticated:
        return False
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    return len(response.content) <= LARGEST_PAGE and varies <= UNDERSTOOD
