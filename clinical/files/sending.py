"""Sends a stored file so that a browser saves it, and runs nothing of it."""

import logging

from csp.constants import HEADER
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from clinical.files.store import FileLost, read
from clinical.models import Attachment

logger = logging.getLogger(__name__)


def send_file(attachment: Attachment) -> HttpResponse:
    """The file as a download; 404 if it is lost or is no longer the one that was stored."""
    try:
        content = read(attachment.stored_name, attachment.sha256)
    except FileLost:
        logger.exception("The file of attachment %s is missing or has changed", attachment.reference)
        raise Http404 from None
    response = HttpResponse(content, content_type=attachment.file_type)
    response["Content-Disposition"] = content_disposition_header(True, attachment.original_name)
    response["X-Content-Type-Options"] = "nosniff"
    response[HEADER] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
