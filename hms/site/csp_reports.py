"""What browsers report of pages that wanted more than the Content-Security-Policy allows: a line in the log.

A report comes from anybody. So it is small, few are logged, and of its addresses only the name of our page
and the host of what was refused: paths and query strings may hold secrets and names of patients.
"""

import json
import logging
import re
import threading
import time
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = logging.getLogger(__name__)

LARGEST = 8 * 1024
LINES_AN_HOUR = 30  # of one process
WORD = re.compile(r"[a-z][a-z-]{0,39}")
HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,100}")


class Budget:
    """How many lines may still be written in this hour."""

    def __init__(self):
        self.lock, self.hour, self.left = threading.Lock(), None, 0

    def take(self) -> int:
        """How many were left; 0: none."""
        with self.lock:
            if self.hour != (hour := time.time() // 3600):
                self.hour, self.left = hour, LINES_AN_HOUR
            left, self.left = self.left, max(0, self.left - 1)
            return left


budget = Budget()


@csrf_exempt
@require_POST
def receive(request) -> HttpResponse:
    """Always the same answer: a browser does nothing with another."""
    if (report := _report_of(request)) and (left := budget.take()):
        logger.warning(
            "Refused by the content security policy: %s of %s on %s%s",
            _word(report.get("effective-directive") or report.get("violated-directive")),
            _place(report.get("blocked-uri")),
            _page(report.get("document-uri")),
            "; no more of this hour are logged" if left == 1 else "",
        )
    return HttpResponse(status=204)


def _report_of(request) -> dict | None:
    if not str(request.META.get("CONTENT_LENGTH") or "").isdecimal():
        return None
    if int(request.META["CONTENT_LENGTH"]) > LARGEST:
        return None
    try:
        report = json.loads(request.body)["csp-report"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return report if isinstance(report, dict) else None


def _word(value: object) -> str:
    found = WORD.match(value) if isinstance(value, str) else None
    return found[0] if found else "something"


def _place(value: object) -> str:
    """The scheme and host of an address, or a word like "inline"."""
    parts = _split(value)
    if parts and parts.netloc:
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}" if HOST.fullmatch(host) else "something"
    return _word(value)


def _page(value: object) -> str:
    """The name of our page."""
    parts = _split(value)
    try:
        return resolve(parts.path).view_name if parts else "a page"
    except Resolver404:
        return "a page"


def _split(value: object):
    try:
        return urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        return None
