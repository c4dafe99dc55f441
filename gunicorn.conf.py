"""What gunicorn reads by itself when it is started in this folder; options and GUNICORN_CMD_ARGS win."""

import gc
import os

from gunicorn.glogging import Logger

# A database that hangs must not take every thread with it; commands may take longer.
os.environ.setdefault("DATABASE_TIMEOUT_SECONDS", "10")
os.environ.setdefault("DATABASE_LOCK_WAIT_SECONDS", "4")


class LoggerWithoutKeys(Logger):
    """Takes the keys of calendars and mailed links out of the paths."""

    def atoms(self, *facts):
        from hms.core.logs import without_keys  # noqa: PLC0415 - gunicorn has now found the folder

        named = super().atoms(*facts)
        return named | {"U": without_keys(named["U"] or "")}


logger_class = LoggerWithoutKeys
# Search terms of the staff stand in the query string, and so in the line of the request and in the
# address that a click comes from: an access log, where one is wanted, has the path alone.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s %(M)sms'


def on_starting(_server):
    """Workers count the requests of a login together: the memory is made before they are."""
    from hms.core.shared_counts import shared_counts  # noqa: PLC0415 - gunicorn has now found the folder

    shared_counts()


def post_worker_init(_worker):
    """What a worker loaded stays for good: looking for garbage among it made one request in twenty wait."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
