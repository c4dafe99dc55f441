"""What holds for every answer below /api/, whoever makes it."""

import json
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
    set_response_etag,
)
from rest_framework.exceptions import APIException, Throttled
from rest_framework.request import Request

from accounts.api.authentication import TokenAuthentication
from hms.api.errors import PROBLEM, plain_problem, problem_response
from hms.api.exceptions import KeyInvalid
from hms.api.services import begin_once, forget_request, keep_answer
from hms.api.throttling import count_without_view
from hms.core.refusals import Refusal

PREFIX = "/api/"
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
SENT = "Authorization, Content-Type, Idempotency-Key, If-None-Match"
READ = "ETag, Idempotent-Replayed, Location, Retry-After, X-Request-ID"
LONGEST_KEY = 255
# An answer is kept if the request was carried out, or is in conflict with what is.
KEPT = {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT, HTTPStatus.CONFLICT}
KEPT_HEADERS = ("Content-Type", "Location")


class ApiMiddleware:
    """No cookies; other sites only by setting; one form of errors; private answers are kept nowhere."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.COOKIES = {}
        response = self._preflight(request) or self._answer(request)
        origin = request.headers.get("Origin")
        patch_vary_headers(response, ["Origin"])
        if origin in settings.API["cors_origins"]:
            response["Access-Control-Allow-Origin"] = origin
            response["Access-Control-Expose-Headers"] = READ
        return response

    def _preflight(self, request) -> HttpResponse | None:
        if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
            return None
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
        if request.headers.get("Origin") in settings.API["cors_origins"]:
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = SENT
            response["Access-Control-Max-Age"] = "600"
        return response

    def _answer(self, request) -> HttpResponse:
        response = self.get_response(request)
        is_error = response.status_code >= HTTPStatus.BAD_REQUEST
        if is_error and not response["Content-Type"].startswith(PROBLEM):
            response = plain_problem(response)
        if is_error or request.method not in ("GET", "HEAD") or "Authorization" in request.headers:
            del response["Cache-Control"]
            patch_cache_control(response, no_store=True, private=True)
            return response
        set_response_etag(response)
        return get_conditional_response(request, etag=response.get("ETag"), response=response)


class IdempotencyMiddleware:
    """Carries out a POST with an `Idempotency-Key` once; see `hms.api.services`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method != "POST" or not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        try:
            by = login_of(request)
        except APIException:
            return self.get_response(request)  # which refuses the token
        try:
            return self._once(request, key, by)
        except (Refusal, Throttled) as refusal:
            return problem_response(refusal)
        except RequestDataTooBig:
            return self.get_response(request)  # which refuses the body

    def _once(self, request, key: str, by) -> HttpResponse:
        if not (0 < len(key) <= LONGEST_KEY and all("!" <= character <= "~" for character in key)):
            raise KeyInvalid
        begun = begin_once(key=key, request=said_by(request), by=by)
        if isinstance(begun, bytes):
            request.user = by
            count_without_view(request)
            return given_again(json.loads(begun))
        response = self.get_response(request)
        if response.status_code in KEPT:
            keep_answer(row=begun, answer=written(response))
        else:
            forget_request(row=begun)
        return response


def login_of(request):
    """The user of the token, whom the view then finds without asking again."""
    found = TokenAuthentication().authenticate(Request(request))
    if found is None:
        return request.user
    request.login_of_token = found
    return found[0]


def said_by(request) -> bytes:
    """What the request says: method, address and body, in which neither spaces nor order count."""
    try:
        body = json.dumps(json.loads(request.body), sort_keys=True).encode()
    except (ValueError, RecursionError):
        body = request.body
    return b"\n".join([request.method.encode(), request.get_full_path().encode(), body])


def written(response: HttpResponse) -> bytes:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    body = response.content.decode()
    return json.dumps({"status": response.status_code, "headers": headers, "body": body}).encode()


def given_again(kept: dict) -> HttpResponse:
    headers = kept["headers"] | {"Idempotent-Replayed": "true"}
    return HttpResponse(kept["body"], status=kept["status"], headers=headers)
