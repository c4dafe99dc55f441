import logging

FAULT_OF_OURS = 500
LONGEST_SEGMENT = 25  # the shortest key, of a link in an SMS, has one more


def without_keys(path: str) -> str:
    """The path without long segments: they are secrets, of mailed links and of calendars."""
    segments = path.split("/")
    return "/".join(part if len(part) <= LONGEST_SEGMENT else "…" for part in segments)


class KeysLeftOut(logging.Filter):
    """Takes secrets out of the addresses that Django names when it refuses a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.request") and isinstance(record.args, tuple):
            record.args = tuple(without_keys(arg) if isinstance(arg, str) else arg for arg in record.args)
        return True


class RefusalsInOneLine(logging.Filter):
    """Logs a refused request, or one without a database, on one line; only faults keep their traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", FAULT_OF_OURS) != FAULT_OF_OURS:
            record.exc_info = record.exc_text = None
        return True
