"""The cache in which limits count: what has not expired is never dropped to make room for something else."""

import sys
from datetime import timedelta

from django.core.cache import cache
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.core.jobs import add_job, counted


class KeptDatabaseCache(DatabaseCache):
    """Django's cache in the database, without a largest number of entries.

    With one, whoever writes many entries pushes out the counters of failed logins. A background job deletes
    what has expired.
    """

    def __init__(self, table, params):
        super().__init__(table, params)
        self._max_entries = sys.maxsize

    def _base_set(self, mode, key, value, timeout=DEFAULT_TIMEOUT):
        """Raises what Django swallows: a database that takes no changes looked like too many attempts."""
        done = super()._base_set(mode, key, value, timeout)
        if not done and (mode == "set" or not self._holds(key)):
            self.delete_expired()  # raises what was swallowed
        return done

    def _holds(self, key: str) -> bool:
        connection = connections[router.db_for_read(self.cache_model_class)]
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(self._table)
            cursor.execute(f"SELECT 1 FROM {table} WHERE cache_key = %s", [key])  # noqa: S608 - our own table
            return cursor.fetchone() is not None

    def delete_expired(self) -> int:
        connection = connections[router.db_for_write(self.cache_model_class)]
        now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(self._table)
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 - our own table
            return cursor.rowcount


def add_jobs() -> None:
    forget = counted(delete_expired, "%d entries deleted")
    add_job("expired-counters", _("Delete limits that have run out"), timedelta(hours=1), forget)


def delete_expired() -> int:
    return cache.delete_expired() if hasattr(cache, "delete_expired") else 0
