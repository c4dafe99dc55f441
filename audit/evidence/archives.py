"""Exports sealed entries that are old enough, and reads the files.

A file has one entry per line, with its keyed hash; its row in the database lists the entries and has the
hash of the file. So an entry can be verified when only the file has it.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from audit.capture.recorder import Subject, record_event, system_login
from audit.evidence.entries import Row, is_genuine, pages
from audit.evidence.retention import CATEGORIES, held_by_any
from audit.evidence.verification.coverage import Coverage
from audit.exceptions import LogIsNotInOrder
from audit.models import Action, AuditArchive, AuditSeal
from audit.signing.canonical import moment
from audit.signing.identifiers import key_at

ARCHIVE_SIZE = 50_000
Step = Callable[[int], object]


def archive_log(
    category: str, before: datetime, folder: Path, step: Step = lambda _number: None
) -> list[AuditArchive]:
    """Write files of a category's sealed entries from before a moment, except those under a hold.

    Refuses, and stops writing, when an entry is not as it was written.
    """
    archives = []
    rows = _due(category, before, step)
    first = next(rows, None)
    while first is not None:
        archive, first = _archive(category, first, rows, folder)
        archives.append(archive)
    return archives


def read_archive(path: Path) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="ascii") as file:
        for line in file:
            row = json.loads(line)
            yield row | {"recorded_at": datetime.fromisoformat(row["recorded_at"])}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _due(category: str, before: datetime, step: Step) -> Iterator[Row]:
    seals, archives = Coverage(AuditSeal, 0), Coverage(AuditArchive, 0)
    actions, is_held = set(CATEGORIES[category]), held_by_any()
    for page in pages(last=key_at(before)):
        sealed, exported = seals.up_to(page[-1]["id"]), archives.up_to(page[-1]["id"])
        for row in page:
            is_new = row["id"] in sealed and row["id"] not in exported
            is_due = row["action"] in actions and row["recorded_at"] < before
            if is_new and is_due and not is_held(row):
                if not is_genuine(row):
                    raise LogIsNotInOrder(entry=row["id"])
                yield row
        step(len(page))


def _archive(category: str, first: Row, rows: Iterator[Row], folder: Path) -> tuple[AuditArchive, Row | None]:
    """Write one file; also returns the first entry of the next."""
    last = AuditArchive.objects.last()
    number = last.number + 1 if last else 1
    path, entries, row = _free_path(folder, f"log-{number:06}-{category}"), [], first
    with _new_file(path) as write:
        while row is not None and len(entries) < ARCHIVE_SIZE:
            write(row)
            entries.append((row["id"], row["mac"]))
            row = next(rows, None)
    archive = AuditArchive(
        number=number,
        category=category,
        actions=f",{','.join(CATEGORIES[category])},",
        file_name=path.name,
        sha256=sha256_of(path),
        exported_at=timezone.now(),
        exported_by=system_login(),
    )
    archive.cover(entries)
    with transaction.atomic():
        archive.save()
        _log(archive, Action.ARCHIVE)
    return archive, row


def _free_path(folder: Path, name: str) -> Path:
    """A free name; a file left by a killed run, which no row lists, is not overwritten."""
    names = chain([name], (f"{name}-{again}" for again in count(2)))
    return next(path for name in names if not (path := folder / f"{name}.jsonl.gz").exists())


@contextmanager
def _new_file(path: Path) -> Iterator[Callable[[Row], object]]:
    """A file that gets its name when it is complete and on disk; readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)  # left behind by a run that was killed
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
            yield lambda row: packed.write(_line(row))
        raw.flush()
        os.fsync(raw.fileno())
    part.rename(path)


def _line(row: Row) -> bytes:
    return json.dumps(row | {"recorded_at": moment(row["recorded_at"])}, sort_keys=True).encode() + b"\n"


def _log(archive: AuditArchive, action: str) -> None:
    details = {"entries": archive.count, "category": archive.category, "sha256": archive.sha256}
    subject = Subject(AuditArchive._meta.label_lower, archive.pk, archive.file_name)
    record_event(action, subject=subject, details=details)
