"""Are archives, and the files they speak of, as they were written?"""

import zlib
from collections.abc import Iterator
from pathlib import Path

from audit.evidence.archives import read_archive, sha256_of
from audit.evidence.entries import is_genuine
from audit.evidence.packing import Root
from audit.evidence.verification.findings import Finding, Kind
from audit.models import AuditArchive

PAGE = 50


def check_archives() -> Iterator[Finding]:
    for archive in AuditArchive.objects.iterator(chunk_size=PAGE):
        if not archive.is_genuine():
            yield Finding(Kind.BROKEN_ARCHIVE, archive=archive.file_name)


def check_file(path: Path) -> Iterator[Finding]:
    """Each entry by its own hash, then all of them by the archive's, then the file itself."""
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
