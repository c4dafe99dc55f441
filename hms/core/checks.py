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
    files = Path(str(database["NAME"])).parent.glob(f"{Path(str(database['NAME'])).name}*")
    readable = [path.name for path in files if path.is_file() and path.stat().st_mode & OF_OTHERS]
    if not readable:
        return []
    return [
        checks.Warning(
            f"Other accounts of this machine can read the database: {', '.join(sorted(readable))}.",
            hint="chmod 600, and start the programs with umask 077.",
            id="core.W001",
        )
    ]
