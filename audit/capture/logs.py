import logging

from audit.capture.context import current


class RequestIdFilter(logging.Filter):
    """Put the request's id on every log line, so that a line and an audit row can be joined."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current().request_id or "-"
        return True
