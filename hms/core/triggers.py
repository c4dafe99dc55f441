"""Triggers of the database, by name.

A migration that rebuilds a table drops its triggers, and MySQL has no `CREATE OR REPLACE TRIGGER`, so they
are created again after every `migrate`.
"""

import logging
from collections.abc import Mapping

from django.db import DatabaseError, connections

logger = logging.getLogger(__name__)
# MySQL/MariaDB: no right to create triggers, here or while the binary log is on.
NOT_ALLOWED = {1142, 1227, 1370, 1419}


def create(using: str, statements: Mapping[str, str], *, otherwise: str) -> bool:
    """Create the triggers again; False, and a warning, if the server does not let this account create any."""
    drop(using, statements)
    try:
        with connections[using].cursor() as cursor:
            for statement in statements.values():
                cursor.execute(statement)
    except DatabaseError as error:
        if not error.args or error.args[0] not in NOT_ALLOWED:
            raise
        logger.warning("%s: %s", otherwise, error)
        return False
    return True


def drop(using: str, names: Mapping[str, str]) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        for name in sorted(names_in_database(using) & names.keys()):
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")


def names_in_database(using: str) -> set[str]:
    connection = connections[using]
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "mysql": "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}
