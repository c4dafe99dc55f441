"""One request id and one audit context per request.

The id is always our own: one that came with the request could repeat another request's.
"""

import uuid

from audit.capture.context import Source, audit_context
from audit.capture.reads import log_reads, noted_reads
from audit.capture.requests import client_address, kind_of_read, patients_known, remember

PREFIXES = {"/admin/": Source.ADMIN, "/api/": Source.API, "/fhir/": Source.FHIR}
LONGEST_SEGMENT = 31
# Answers with something to look at: a page, a form that was refused.
SHOWING = {200, 400, 409, 422}


class AuditContextMiddleware:
    """Say who acts, from where, and answer with the request's id."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = uuid.uuid4().hex
        with audit_context(
            # Asked on writing, because a login in this request changes the answer.
            actor=lambda: getattr(request, "user", None),
            source=_source(request.path_info),
            origin=f"{request.method} {_without_keys(request.path_info)}",
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


def _without_keys(path: str) -> str:
    """The path without what a mailed link proves: long segments are keys, and no business of the log."""
    segments = path.split("/")
    return "/".join(part if len(part) <= LONGEST_SEGMENT else "…" for part in segments)
