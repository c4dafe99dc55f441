"""The statistics by which the database plans its queries."""

from django.db import connection


def refresh_statistics() -> None:
    """Refresh the statistics after a bulk insert; outdated ones lead to slow query plans.

    Does nothing within a transaction, which MariaDB would commit.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else f"ANALYZE TABLE {_tables()}")
        cursor.fetchall()


def _tables() -> str:
    names = connection.introspection.django_table_names(only_existing=True)
    return ", ".join(map(connection.ops.quote_name, names))
