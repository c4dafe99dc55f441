"""Operators keep the database file to themselves."""

import stat
from pathlib import Path

from django.conf import settings
from django.core import checks

OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@checks.register(checks.Tags.security)
def database_file_is_private(**_options) -> list[checks.CheckMessage]:
    database = settings.DATABASES["default"]
    if "sqlite3" not in database["ENGINE"]:
        return []
    readable = files_of_others(Path(str(database["NAME"])))
    if not readable:
        return []
    return [
        checks.Warning(
            f"Other accounts of this machine can read the database: {', '.join(readable)}.",
            hint="chmod 600, and start the programs with umask 077.",
            id="core.W001",
        )
    ]


def files_of_others(database: Path) -> list[str]:
    """The files of the database, its journals included, that other accounts may read or write."""
    files = (path for path in database.parent.glob(f"{database.name}*") if path.is_file())
    return sorted(path.name for path in files if path.stat().st_mode & OF_OTHERS)
