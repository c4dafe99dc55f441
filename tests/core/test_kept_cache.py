"""Limits count in a cache that forgets nothing before its time."""

import pytest
import time_machine
from django.db import OperationalError, connection

from hms.core.kept_cache import KeptDatabaseCache

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A04")]


COLUMNS = "cache_key varchar(255) PRIMARY KEY, value text, expires datetime"


@pytest.fixture
def cache():
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE kept ({COLUMNS})")
        yield KeptDatabaseCache("kept", {})
        cursor.execute("DROP TEMPORARY TABLE kept" if connection.vendor == "mysql" else "DROP TABLE kept")


def test_many_other_entries_do_not_push_out_a_counter(cache):
    cache.set("login_failed:asha@example.org", 5, 300)

    for number in range(1_000):
        cache.set(f"login_failed:{number}", 1, 300)

    assert cache.get("login_failed:asha@example.org") == 5


def test_what_has_expired_is_deleted_and_nothing_else(cache):
    with time_machine.travel("2027-03-04 10:00Z") as clock:
        cache.set("short", 1, 60)
        cache.set("long", 1, 600)
        clock.shift(120)

        deleted = cache.delete_expired()

        assert (deleted, cache.get("short"), cache.get("long")) == (1, None, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM kept")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("mode", ["add", "set"])
def test_a_database_that_takes_no_changes_is_an_error_and_not_a_limit(cache, mode):
    def refuse_changes(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            raise OperationalError(1290, "running with the --read-only option")
        return execute(sql, params, many, context)

    cache.set("known", 1, 300)
    with connection.execute_wrapper(refuse_changes), pytest.raises(OperationalError):
        getattr(cache, mode)("new", 1, 300)

    assert cache.add("known", 2, 300) is False
