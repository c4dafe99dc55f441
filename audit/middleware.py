"""One request id and one audit context per request.

An id sent with the request is ignored: it could repeat another request's.
"""

import uuid

from audit.capture.context import Source, audit_context
from audit.capture.reads import log_reads, noted_reads
from audit.capture.requests import client_address, kind_of_read, patients_known, remember
from hms.core.logs import without_keys

PREFIXES = {"/admin/": Source.ADMIN, "/api/": Source.API, "/fhir/": Source.FHIR}
# Responses that show a page, or a form that was refused.
SHOWING = {200, 400, 409, 422}


class AuditContextMiddleware:
    """Sets the context of the request, logs what it shows, and returns its id in X-Request-ID."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = uuid.uuid4().hex
        with audit_context(
            # Called when an entry is written, because a login in this request changes the answer.
            actor=lambda: getattr(request, "user", None),
            source=_source(request.path_info),
            origin=f"{request.method} {without_keys(request.path_info)}",
            request_id=request.id,
            address=client_address(request),
        ):
            response = self._answer(request)
        response["X-Request-ID"] = request.id
        return response

    def _answer(self, request):
        with noted_reads() as seen:
            response = self.get_response(request)
        if seen and response.status_code in SHOWING:
            known = patients_known(request)
            event = log_reads(seen, *kind_of_read(request, response), known=known)
            remember(request, known, event)
        return response


def _source(path: str) -> str:
    found = (source for prefix, source in PREFIXES.items() if path.startswith(prefix))
    return next(found, Source.PAGE).value
