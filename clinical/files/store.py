"""The folder of the files; each has a random name and is referred to by one row."""

import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

NAME = re.compile(r"[0-9a-f]{40}")


class FileLost(Exception):
    """The file of a row is not there, or is not the one that was stored."""


def keep(content: bytes) -> str:
    """Write a file in the current transaction and return its name; a rollback removes the file again.

    It is on the disk before the commit, so that no committed row is without its file.
    """
    name = secrets.token_hex(20)
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    until_commit = _UntilCommit(path)
    path.touch(mode=0o600, exist_ok=False)
    with path.open("r+b") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    transaction.on_commit(until_commit)
    return name


def read(name: str, digest: str) -> bytes:
    """The content; raises `FileLost` if it is missing or its SHA-256 is not the digest."""
    try:
        content = path_of(name).read_bytes()
    except OSError as error:
        raise FileLost(name) from error
    if sha256(content).hexdigest() != digest:
        raise FileLost(name)
    return content


def written_before(moment: datetime) -> Iterator[Path]:
    """The files of the folder, without those that a transaction may still be writing."""
    for path in sorted(settings.CLINICAL_FILES["root"].glob("??/*")):
        is_ours = NAME.fullmatch(path.name) and path.is_file()
        if is_ours and path.stat().st_mtime < moment.timestamp():
            yield path


def path_of(name: str) -> Path:
    return settings.CLINICAL_FILES["root"] / name[:2] / name


class _UntilCommit:
    """Called by the commit. A rollback drops it without a call, and then it deletes its file."""

    def __init__(self, path: Path):
        self.path = path
        self.is_committed = False

    def __call__(self) -> None:
        self.is_committed = True

    def __del__(self):
        if not self.is_committed:
            self.path.unlink(missing_ok=True)
