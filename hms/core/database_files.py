"""A database that a program creates on SQLite is a file for its own account, whatever the umask."""

from pathlib import Path

OWNER_ONLY = 0o600
HEADER_BYTES = 4096  # the first page, which choosing a journal writes; the first table needs another


def close_new_file(connection, **_signal) -> None:
    """Take a new file, one without a table, away from other accounts; its journals get the same permissions.

    A file with content keeps what the operator chose for it; `check` names it where others can read it.
    """
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return
    database = Path(connection.settings_dict["NAME"])
    if database.is_file() and database.stat().st_size <= HEADER_BYTES:
        database.chmod(OWNER_ONLY)
