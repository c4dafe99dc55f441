"""What the database knows of its own rows: it plans by it how to find them."""

from django.db import connection


def refresh_statistics() -> None:
    """Count anew, as after many rows came at once; until then lists are found in slow ways.

    Does nothing within a transaction, which MariaDB would end.
    """
    if connection.in_atomic_block:
        return
    tables = connection.introspection.django_table_names(only_existing=True)
    names = ", ".join(map(connection.ops.quote_name, tables))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
        else:
            cursor.execute(f"ANALYZE TABLE {names}")
            cursor.fetchall()
