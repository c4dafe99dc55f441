"""Connections have the settings that bookings and payments rely on."""

import pytest
from django.db import connection

SQLITE = {
    "PRAGMA journal_mode": "wal",
    "PRAGMA synchronous": 2,  # FULL: a commit survives a power cut
    "PRAGMA foreign_keys": 1,
    "PRAGMA busy_timeout": 20_000,
}
MARIADB = {
    "SELECT @@tx_isolation": "READ-COMMITTED",
    "SELECT @@character_set_connection": "utf8mb4",
    "SELECT FIND_IN_SET('STRICT_TRANS_TABLES', @@sql_mode) > 0": 1,
    "SELECT FIND_IN_SET('ONLY_FULL_GROUP_BY', @@sql_mode) > 0": 1,
    "SELECT @@default_storage_engine": "InnoDB",
    # The test server has no time zone tables, like many servers, so that queries that need them fail.
    "SELECT CONVERT_TZ('2026-03-01 00:00:00', 'UTC', 'Asia/Kolkata') IS NULL": 1,
}


@pytest.mark.django_db(transaction=True)
def test_a_connection_has_the_required_settings():
    promises = {"sqlite": SQLITE, "mysql": MARIADB}[connection.vendor]

    with connection.cursor() as cursor:
        found = {query: ask(cursor, query) for query in promises}

    assert found == promises


def ask(cursor, query):
    cursor.execute(query)
    return cursor.fetchone()[0]
