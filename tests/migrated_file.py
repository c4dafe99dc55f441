"""Keeps the SQLite file that the migrations made, for a run with the same migrations on the same day.

It is copied before `migrate` tells anybody: what the apps then add (roles, permissions, price lists) comes
from the code as it is, in every run.
"""

import os
import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import django
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import timezone

KEPT = Path(__file__).resolve().parent.parent / ".pytest_cache" / "migrated"


def put(file: Path) -> bool:
    """Begin the database of this run with the kept file, if there is one; else keep the one it makes."""
    kept = KEPT / f"{_fingerprint()}.sqlite3"
    with suppress(FileNotFoundError):
        shutil.copyfile(kept, file)
        return True

    def keep(**_kwargs) -> None:
        post_migrate.disconnect(keep, sender=first)
        _keep(kept)

    first = next(iter(apps.get_app_configs()))
    post_migrate.connect(keep, sender=first, weak=False)
    return False


def _keep(kept: Path) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    for older in KEPT.glob("*.sqlite3"):
        older.unlink(missing_ok=True)
    written = KEPT / f"{os.getpid()}.part"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(written)])
    written.replace(kept)


def _fingerprint() -> str:
    """Of all migrations, the library and the hospital's day, which some of them write."""
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    told = sha256(f"{django.__version__} {timezone.localdate()}".encode())
    for file in sorted(file for folder in folders for file in folder.glob("*.py")):
        told.update(str(file).encode() + file.read_bytes())
    return told.hexdigest()
