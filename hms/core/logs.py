import logging

FAULT_OF_OURS = 500


class RefusalsInOneLine(logging.Filter):
    """A request that was refused is one line; where in the code is told only of errors of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", FAULT_OF_OURS) < FAULT_OF_OURS:
            record.exc_info = record.exc_text = None
        return True
