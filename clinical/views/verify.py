"""The public page that tells whether a document is genuine, and nothing about the patient."""

import ipaddress
from http import HTTPStatus

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.services.numbers import advance, forget
from audit.capture.requests import client_address
from clinical.document_codes import code_from
from clinical.models import DocumentCode
from clinical.statuses import DocumentStatus
from hms.core.transactions import retried_atomic

AN_HOUR_S = 3600
SERIES = "verify "


@require_safe
@cache_control(private=True, no_store=True)
def verify(request, code: str):
    """Says genuine, replaced, withdrawn or unknown; a network gets so many answers an hour."""
    is_allowed = take_attempt(client_address(request))
    asked = code_from(code) if is_allowed else None
    document = DocumentCode.objects.of_the_holder(asked).first() if asked else None
    context = {"is_allowed": is_allowed, "document": document, "statuses": DocumentStatus}
    response = render(request, "clinical/verify.html", context, status=status_of(is_allowed, document))
    response["X-Robots-Tag"] = "noindex, nofollow"
    if not is_allowed:
        response["Retry-After"] = str(AN_HOUR_S)
    return response


def status_of(is_allowed: bool, document: DocumentCode | None) -> HTTPStatus:
    if not is_allowed:
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.OK if document else HTTPStatus.NOT_FOUND


@retried_atomic
def take_attempt(address: str | None) -> bool:
    """Count an attempt in a table, which evicts none; False if the network has had its share."""
    hour = f"{SERIES}{timezone.now():%y%m%d%H} "
    count = advance(hour + salted_hmac("clinical.verify", network_of(address)).hexdigest()[:20])
    if count == 1:
        forget(SERIES, but=hour)
    return count <= settings.VERIFY_ATTEMPTS_AN_HOUR


def network_of(address: str | None) -> str:
    """The address; of IPv6 the network of 64 bits, in which one person may use any address."""
    if address is None:
        return ""
    bits = 64 if ":" in address else 32
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
