"""Where the tests' database lives, and which warnings are nobody's fault.

The engine is the one that DATABASE_URL names, SQLite without it (`make test-mariadb` starts a
server and sets it). Marked `django_db(transaction=True)`, a test really commits: threads and
browsers see what it wrote, and what the migrations wrote is put back after it.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.mariadb import fast_folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Give each worker a SQLite file of its own: threads can share a file, but not memory."""
    if connection.vendor != "sqlite":
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="hms-test-", dir=fast_folder()))
    connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")
    yield
    shutil.rmtree(folder, ignore_errors=True)
