"""Keeps the rows that `migrate` creates, for the tests that commit.

Django's way saves each row again through its model, which the log refuses. Here the rows are copied with
SQL, without signals.
"""

from collections.abc import Sequence

from django.db import connection, transaction

Rows = dict[str, tuple[list[str], Sequence[tuple]]]


def keep() -> Rows:
    """All rows by table, with the column names."""
    kept: Rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608 - our own table's name
            kept[table] = ([column[0] for column in cursor.description], cursor.fetchall())
    return kept


def put_back(kept: Rows) -> None:
    """Replace all rows of the database with these."""
    with (
        connection.constraint_checks_disabled(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        for table in _tables():
            cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608
            columns, rows = kept[table]
            if rows:
                names, marks = ", ".join(map(_quoted, columns)), ", ".join(["%s"] * len(columns))
                cursor.executemany(
                    f"INSERT INTO {_quoted(table)} ({names}) VALUES ({marks})",  # noqa: S608
                    rows,
                )


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
