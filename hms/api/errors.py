"""Every refusal and error in one form: `application/problem+json` of RFC 9457, with `code` and `errors`."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from accounts.exceptions import TooYoungForLogin
from hms.api.exceptions import KeyInvalid, KeyOfAnotherRequest
from hms.core.refusals import NotAllowed, Refusal
from hms.core.states import StepRefused
from hms.webhooks.exceptions import AddressRefused
from scheduling.exceptions import SlotNotOffered

PROBLEM = "application/problem+json"
# What a refusal answers; all others are conflicts with the state of things.
STATUSES: dict[type[ValidationError], HTTPStatus] = {
    NotAllowed: HTTPStatus.FORBIDDEN,
    SlotNotOffered: HTTPStatus.BAD_REQUEST,
    TooYoungForLogin: HTTPStatus.BAD_REQUEST,
    AddressRefused: HTTPStatus.BAD_REQUEST,
    KeyInvalid: HTTPStatus.BAD_REQUEST,
    KeyOfAnotherRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal: HTTPStatus.CONFLICT,
    StepRefused: HTTPStatus.CONFLICT,
}
# Where the API calls a field otherwise than the forms do.
FIELDS = {"time": "starts_at"}
RETRY_AFTER_S = {HTTPStatus.TOO_MANY_REQUESTS: 60}
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


def answer(error: Exception, _context: dict) -> Response | None:
    """The exception handler of the REST framework; None leaves the error to Django."""
    told = _understood(error)
    if told is None:
        return None
    status, problem, headers = told
    return Response(problem, status=status, headers=headers, content_type=PROBLEM)


def problem(status: int, code: str, detail: str, **more) -> dict:
    title = HTTPStatus(status).phrase
    return {
        "type": "about:blank",
        "title": title,
        "status": int(status),
        "code": code,
        "detail": detail,
    } | more


def problem_response(error: ValidationError | exceptions.APIException) -> JsonResponse:
    """The same outside a view of the REST framework."""
    status, told, headers = _understood(error)
    return JsonResponse(told, status=status, headers=headers, content_type=PROBLEM)


def plain_problem(response) -> JsonResponse:
    """In place of a page that Django or a middleware has made of an error."""
    status = HTTPStatus(response.status_code)
    told = problem(status, status.name.lower(), status.description or status.phrase)
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    return JsonResponse(told, status=status, headers=headers, content_type=PROBLEM)


def _understood(error: Exception) -> tuple[int, dict, dict] | None:
    match error:
        case ValidationError():
            return _refused(error)
        case Http404():
            return _of_framework(exceptions.NotFound())
        case PermissionDenied():
            return _of_framework(exceptions.PermissionDenied())
        case RequestDataTooBig():
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return status, problem(status, "too_large", "The body is too large."), {}
        case exceptions.APIException():
            return _of_framework(error)
    return None


def _refused(error: ValidationError) -> tuple[int, dict, dict]:
    """A refusal of a service, or values that a model has refused."""
    status = next(
        (code for kind, code in STATUSES.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST
    )
    code = getattr(error, "code", None) or "invalid"
    more = dict(getattr(error, "more", {}))
    if isinstance(error, SlotNotOffered) and code != "beyond_horizon":
        code, more = "not_offered", {"reason": code}
    if errors := _at_fields(error):
        more["errors"] = errors
    headers = {"Retry-After": "1"} if code == "in_progress" else {}
    return status, problem(status, code, " ".join(error.messages), **more), headers


def _at_fields(error: ValidationError) -> dict:
    at_fields = getattr(error, "error_dict", None) or {getattr(error, "field", None): [error]}
    return {
        FIELDS.get(name, name).replace("__all__", "non_field_errors"): [
            {"code": each.code or "invalid", "message": message}
            for each in found
            for message in each.messages
        ]
        for name, found in at_fields.items()
        if name
    }


def _of_framework(error: exceptions.APIException) -> tuple[int, dict, dict]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if error.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        wait = getattr(error, "wait", None) or RETRY_AFTER_S[HTTPStatus.TOO_MANY_REQUESTS]
        headers["Retry-After"] = str(int(wait))
    if isinstance(error, exceptions.ValidationError):
        errors = dict(_flat(error.get_full_details()))
        detail = " ".join(str(each["message"]) for found in errors.values() for each in found)
        return error.status_code, problem(error.status_code, "invalid", detail, errors=errors), headers
    code, detail = error.get_codes(), error.detail
    if not isinstance(detail, str):
        code, detail = error.default_code, error.default_detail
    return error.status_code, problem(error.status_code, code, str(detail)), headers


def _flat(details, path: str = ""):
    """Errors of nested values under one name each: `roles.0`."""
    if isinstance(details, dict) and not isinstance(details.get("message"), str):
        for name, inner in details.items():
            yield from _flat(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(details, dict):
        yield path or "non_field_errors", [details]
    elif all(isinstance(each, dict) and set(each) == {"code", "message"} for each in details):
        yield path or "non_field_errors", list(details)
    else:
        for place, inner in enumerate(details):
            if inner:
                yield from _flat(inner, f"{path}.{place}" if path else str(place))
