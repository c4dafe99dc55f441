"""What the database knows of its own rows: it plans by it how to find them."""

from django.db import connection


def refresh_statistics() -> None:
    """Count again, as after many rows came at once; until then lists are found in slow ways.

    Does nothing within a transaction, which MariaDB would end.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else f"ANALYZE TABLE {_tables()}")
        cursor.fetchall()


def _tables() -> str:
    names = connection.introspection.django_table_names(only_existing=True)
    return ", ".join(map(connection.ops.quote_name, names))
