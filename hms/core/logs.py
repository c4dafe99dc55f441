import logging

FAULT_OF_OURS = 500


class RefusalsInOneLine(logging.Filter):
    """Logs a refused request, or one without a database, on one line; only faults keep their traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", FAULT_OF_OURS) != FAULT_OF_OURS:
            record.exc_info = record.exc_text = None
        return True
