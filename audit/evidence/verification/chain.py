"""Checks seals and archives: the chain, the checkpoints, the exported files."""

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from audit.evidence.archives import read_archive, sha256_of
from audit.evidence.entries import is_genuine
from audit.evidence.seals import Checkpoint, is_explained, is_in_future
from audit.evidence.verification.findings import Finding, Kind
from audit.models import AuditArchive, AuditSeal
from audit.signing.canonical import Root

PAGE = 50
MOST_NAMED = 1_000


def check_chain() -> Iterator[Finding]:
    before: AuditSeal | None = None
    newest_key = 0
    for seal in _in_order():
        expected = before.number + 1 if before else 1
        for number in range(expected, min(seal.number, expected + MOST_NAMED)):
            yield Finding(Kind.MISSING_SEAL, seal=number)
        if not seal.is_genuine():
            yield Finding(Kind.BROKEN_SEAL, seal=seal.number)
        elif seal.number == expected and not _follows(before, seal):
            yield Finding(Kind.BROKEN_CHAIN, seal=seal.number)
        elif seal.key_version < newest_key:
            yield Finding(Kind.OLD_KEY_SEAL, seal=seal.number)
        else:
            newest_key = seal.key_version
        if is_in_future(seal) and not is_explained(seal):
            yield Finding(Kind.FUTURE_SEAL, seal=seal.number)
        before = seal


def check_checkpoints(checkpoints: Iterable[Checkpoint]) -> Iterator[Finding]:
    """Each checkpoint needs its seal; a seal that was written again has another hash."""
    macs = dict(AuditSeal.objects.values_list("number", "mac"))
    highest = max(macs, default=0)
    for number, mac in sorted({(checkpoint.number, checkpoint.mac) for checkpoint in checkpoints}):
        if number > highest:
            yield Finding(Kind.CUT_TAIL, seal=number)
        elif number in macs and macs[number] != mac:
            yield Finding(Kind.OTHER_CHECKPOINT, seal=number)


def _follows(before: AuditSeal | None, seal: AuditSeal) -> bool:
    previous, total = (before.mac, before.total) if before else ("", 0)
    return (seal.previous, seal.total) == (previous, total + seal.count)


def _in_order() -> Iterator[AuditSeal]:
    last = 0
    while page := list(AuditSeal.objects.filter(number__gt=last)[:PAGE]):
        yield from page
        last = page[-1].number


def check_archives() -> Iterator[Finding]:
    for archive in AuditArchive.objects.iterator(chunk_size=PAGE):
        if not archive.is_genuine():
            yield Finding(Kind.BROKEN_ARCHIVE, archive=archive.file_name)


def check_file(path: Path) -> Iterator[Finding]:
    """Check the hash of each entry, of all entries together, and of the file."""
    archive = AuditArchive.objects.filter(file_name=path.name).first()
    root = Root()
    try:
        for row in read_archive(path):
            root.add(row["id"], row["mac"])
            if not is_genuine(row):
                yield Finding(Kind.CHANGED_IN_FILE, archive=path.name, entry=row["id"])
        is_whole = archive is not None and root.hex() == archive.root and sha256_of(path) == archive.sha256
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error):
        is_whole = False
    if not is_whole:
        yield Finding(Kind.OTHER_FILE, archive=path.name)
