"""One request id and one audit context per request."""

import uuid

from django.utils.functional import SimpleLazyObject

from audit.context import audit_context


class AuditContextMiddleware:
    """Say who acts, from where, and answer with the request's id."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = uuid.uuid4().hex
        with audit_context(
            actor=SimpleLazyObject(lambda: getattr(request, "user", None)),
            source=_source(request.path_info),
            request_id=request.id,
            address=request.META.get("REMOTE_ADDR") or None,
        ):
            response = self.get_response(request)
        response["X-Request-ID"] = request.id
        return response


def _source(path: str) -> str:
    if path.startswith("/admin/"):
        return "admin"
    return "api" if path.startswith("/api/") else "page"
