"""Deletes archived entries, and carries over what they say about rows.

Comparing tables with the log needs the history of each row. So the purged entries of a row are replaced by
one entry with their combined effect.
"""

from collections.abc import Iterator
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, models

from audit.capture.recorder import Entry, Subject, record_event, write
from audit.capture.rows import parts
from audit.evidence.archives import sha256_of
from audit.evidence.entries import Row, entries_with
from audit.evidence.retention import held_by_any
from audit.evidence.verification.history import OF_STATE, History, net_of
from audit.exceptions import ArchiveIsNotThere, LogIsNotInOrder
from audit.models import Action, AuditArchive, AuditEvent, AuditSubject
from hms.core.transactions import retried_atomic


def purge_archive(archive: AuditArchive, folder: Path) -> int:
    """Delete the entries of an archive, except those under a hold; returns how many.

    Refuses if the file is missing or changed, or the archive's row is not genuine.
    """
    if not archive.is_genuine():
        raise LogIsNotInOrder(entry=archive.first_id)
    path = folder / archive.file_name
    if not path.is_file() or sha256_of(path) != archive.sha256:
        raise ArchiveIsNotThere(name=archive.file_name)
    return _purge(archive)


def is_purged(archive: AuditArchive) -> bool:
    """Whether the log holds no entry of the archive, which must be genuine."""
    return archive.is_genuine() and not any(
        AuditEvent.objects.filter(pk__in=some).exists() for some in parts(archive.covered())
    )


@retried_atomic
def _purge(archive: AuditArchive) -> int:
    is_held = held_by_any()
    purged, histories, subjects = [], {}, {}
    for row in entries_with(archive.covered()):
        if not is_held(row):
            purged.append(row["id"])
            _remember(row, histories, subjects)
    if purged:
        write(_carried(histories, subjects))
        _delete(purged)
        details = {"entries": len(purged), "category": archive.category, "sha256": archive.sha256}
        subject = Subject(AuditArchive._meta.label_lower, archive.pk, archive.file_name)
        record_event(Action.PURGE, subject=subject, details=details)
    return len(purged)


def _remember(row: Row, histories: dict, subjects: dict) -> None:
    if row["action"] not in OF_STATE or not row["object_pk"]:
        return
    record = row["model"], row["object_pk"]
    history = histories.setdefault(record, History())
    rows = row["details"].get("rows") if row["action"] == Action.CARRY else None
    history.add(row["action"], row["changes"], rows=rows, keep=True)
    subjects[record] = Subject(*record, row["object_repr"], row["patient_id"])


def _carried(histories: dict[tuple, History], subjects: dict[tuple, Subject]) -> Iterator[Entry]:
    for record, history in histories.items():
        rows = history.begun - history.ended
        changes = {column: pair for column, pairs in history.pairs.items() if (pair := net_of(pairs))}
        if rows or changes:
            yield Entry(Action.CARRY, subjects[record], changes, {"rows": rows})


def _delete(keys: list[int]) -> None:
    """Delete with a plain query set, because the log's own refuses; the trigger checks the archives."""
    for some in parts(keys):
        models.QuerySet(AuditSubject).filter(event_id__in=some)._raw_delete(DEFAULT_DB_ALIAS)
        models.QuerySet(AuditEvent).filter(pk__in=some)._raw_delete(DEFAULT_DB_ALIAS)
