"""Loading lists of diagnoses, and switching single ones off and on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from audit.capture.context import audit_context
from clinical.exceptions import NoDiagnoses
from clinical.models import DiagnosisSource, DiagnosisTerm
from clinical.querysets.diagnosis_terms import BUILT_IN
from clinical.terms.entries import Entry, read_csv
from hms.core.locks import lock_first, lock_row
from hms.core.references import new_reference
from hms.core.rights import SYSTEM, require
from hms.core.transactions import retried_atomic

COMMON = Path(__file__).parents[1] / "data" / "diagnoses.csv"
COMMON_EDITION = "codes of WHO ICD-10 2019"
ROWS_AT_ONCE = 500
CHANGED_AT_ONCE = 100  # an UPDATE of many rows with different values is slow to compile
COLUMNS = ("title", "synonyms", "search_key", "is_current")


@dataclass
class Changes:
    """What a list changes in the diagnoses of its source."""

    added: list[DiagnosisTerm] = field(default_factory=list)
    changed: list[DiagnosisTerm] = field(default_factory=list)
    withdrawn: list[DiagnosisTerm] = field(default_factory=list)
    unchanged: int = 0

    def __str__(self):
        return (
            f"{len(self.added)} added, {len(self.changed)} changed, "
            f"{len(self.withdrawn)} no longer listed, {self.unchanged} unchanged"
        )


@retried_atomic
def load_diagnoses(*, name: str, edition: str, entries: Sequence[Entry], by) -> Changes:
    """Make the diagnoses of a source equal to the list; those it no longer has leave the search and stay.

    Refuses an empty list. What an administrator switched off stays off. One entry in the log.
    """
    require(by, "clinical.add_diagnosisterm")
    if not entries:
        raise NoDiagnoses
    digest = _digest_of(entries)
    loaded = {"edition": edition, "digest": digest, "loaded_at": timezone.now()}
    source = lock_first(DiagnosisSource.objects.filter(name=name))
    if source and (source.edition, source.digest) == (edition, digest):
        return Changes(unchanged=len(entries))
    changes = changes_of(name, entries)
    with audit_context(reason=f"Loaded diagnoses: {changes}"):
        if source is None:
            source = DiagnosisSource.objects.create(name=name, **loaded)
        else:
            _save(source, **loaded)
    _write(source, changes)
    return changes


def changes_of(name: str, entries: Sequence[Entry]) -> Changes:
    """What loading the list would change; writes nothing."""
    known = {term.code: term for term in DiagnosisTerm.objects.filter(source__name=name)}
    changes = Changes()
    for entry in entries:
        term = known.pop(entry.code, None)
        values = (entry.title, entry.synonyms, entry.search_key, True)
        if term is None:
            changes.added.append(DiagnosisTerm(code=entry.code, **dict(zip(COLUMNS, values, strict=True))))
        elif values == tuple(getattr(term, column) for column in COLUMNS):
            changes.unchanged += 1
        else:
            vars(term).update(zip(COLUMNS, values, strict=True))
            changes.changed.append(term)
    changes.withdrawn = [term for term in known.values() if term.is_current]
    return changes


def load_common_diagnoses() -> list[str]:
    """Load the list that comes with the software; says so if that changed anything."""
    entries = read_csv(COMMON.read_text(encoding="utf-8"))
    changes = load_diagnoses(name=BUILT_IN, edition=COMMON_EDITION, entries=entries, by=SYSTEM)
    return [] if changes.unchanged == len(entries) else [f"Common diagnoses: {changes}."]


@retried_atomic
def set_diagnosis_active(*, term: DiagnosisTerm, is_active: bool, by) -> DiagnosisTerm:
    """Offer a diagnosis in the search, or no longer; an entry of its source in the log."""
    require(by, "clinical.change_diagnosisterm")
    source = lock_row(DiagnosisSource.objects.all(), pk=term.source_id)
    term = lock_row(DiagnosisTerm.objects.all(), pk=term.pk)
    if term.is_active != is_active:
        with audit_context(reason=f"{'Activated' if is_active else 'Deactivated'} {term}"):
            _save(source)
        term.is_active = is_active
        term.save(update_fields=["is_active"])
    return term


def _save(source: DiagnosisSource, **values) -> None:
    """With another revision, by which each process notices the change."""
    for name, value in (values | {"revision": new_reference()}).items():
        setattr(source, name, value)
    source.save()


def _write(source: DiagnosisSource, changes: Changes) -> None:
    for term in changes.added:
        term.source = source
    DiagnosisTerm.objects.bulk_create(changes.added, ROWS_AT_ONCE)
    DiagnosisTerm.objects.bulk_update(changes.changed, COLUMNS, CHANGED_AT_ONCE)
    gone = [term.pk for term in changes.withdrawn]
    for start in range(0, len(gone), ROWS_AT_ONCE):
        DiagnosisTerm.objects.filter(pk__in=gone[start : start + ROWS_AT_ONCE]).update(is_current=False)


def _digest_of(entries: Sequence[Entry]) -> str:
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(repr((entry.code, entry.title, entry.synonyms, entry.search_key)).encode())
    return digest.hexdigest()
