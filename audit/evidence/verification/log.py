"""Checks each entry against its hash, its seal and the index of patients, in one pass in order of keys."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import chain

from django.db.models import Min

from audit.capture.rows import parts
from audit.evidence.entries import Row, entries_with, is_genuine, pages
from audit.evidence.seals import lowest_open_key, newest_seal
from audit.evidence.verification.coverage import Coverage
from audit.evidence.verification.findings import Finding, Kind
from audit.models import AuditArchive, AuditSeal, AuditSubject
from audit.signing.canonical import Root, mac_of
from audit.signing.identifiers import key_at
from audit.signing.keys import key_of

# At most so many changed entries are compared with each other, in case some were swapped.
MOST_COMPARED = 200


class LogCheck:
    """One pass through the log; `since` is the first key."""

    def __init__(self, since: int = 0, step: Callable[[int], object] = lambda _number: None):
        self.since, self.step = since, step
        # Read first: seals that are added during the check must not make unsealed entries look late.
        self.open_from = lowest_open_key(newest_seal())
        self.key_changes = list(_key_changes())
        self.seals, self.archives = Coverage(AuditSeal, since), Coverage(AuditArchive, since)
        self.subjects = SubjectCheck(since)
        self.genuine_archives = {row.number for row in AuditArchive.objects.all() if row.is_genuine()}
        self.roots: dict[int, Root] = {}
        self.faulty: set[int] = set()  # seals with known faults among their entries
        self.changed: list[tuple[Row, Finding]] = []
        self.gone: list[int] = []

    def findings(self) -> Iterator[Finding]:
        for page in chain(pages(self.since), [None]):
            yield from self._check_page(page or [], last=page[-1]["id"] if page else None)
            yield from self._check_roots()
            self.step(len(page or ()))
        yield from self._changed_or_moved()

    def _check_page(self, page: list[Row], last: int | None) -> Iterator[Finding]:
        sealed, exported = self.seals.up_to(last), self.archives.up_to(last)
        for row in page:
            seal = sealed.pop(row["id"], None)
            if seal is not None:
                self.roots.setdefault(seal, Root()).add(row["id"], row["mac"])
            if finding := self._check_entry(row, seal):
                yield finding
        purged = {key for key in sealed if exported.get(key) in self.genuine_archives}
        for key, seal in sorted(sealed.items()):
            self.faulty.add(seal)
            if key not in purged:
                self.gone.append(key)
                yield Finding(Kind.MISSING_ENTRY, entry=key, seal=seal)
        yield from self.subjects.findings(page, last, purged)

    def _check_entry(self, row: Row, seal: int | None) -> Finding | None:
        if is_genuine(row):
            if seal is None and row["id"] < self.open_from:
                return Finding(Kind.UNSEALED_ENTRY, entry=row["id"])
            is_old = any(row["key_version"] < new and row["id"] >= first for first, new in self.key_changes)
            return Finding(Kind.OLD_KEY_ENTRY, entry=row["id"], seal=seal) if is_old else None
        self.faulty.add(seal)
        kind = Kind.FORGED_ENTRY if seal is None else Kind.CHANGED_ENTRY
        finding = Finding(kind, entry=row["id"], seal=seal)
        if len(self.changed) >= MOST_COMPARED:
            return finding
        self.changed.append((row, finding))
        return None

    def _check_roots(self) -> Iterator[Finding]:
        for number in self.seals.finished():
            root = self.roots.pop(number, Root())
            seal = AuditSeal.objects.defer("keys").get(pk=number)
            is_whole = seal.first_id >= self.since and number not in self.faulty
            if is_whole and root.hex() != seal.root:
                yield Finding(Kind.BROKEN_ROOT, seal=number)

    def _changed_or_moved(self) -> Iterator[Finding]:
        """The hash covers the key, so moved content matches its hash under the original key."""
        keys = [row["id"] for row, _finding in self.changed] + self.gone[:MOST_COMPARED]
        for row, finding in self.changed:
            secret = key_of(row["key_version"])
            origins = (key for key in keys if secret and mac_of(row | {"id": key}, secret) == row["mac"])
            origin = next(origins, None)
            if origin is None:
                yield finding
            else:
                yield Finding(Kind.MOVED_ENTRY, entry=row["id"], other=origin, seal=finding.seal)


def _key_changes() -> Iterator[tuple[int, int]]:
    """From which entry on each key version was in use, according to the seals."""
    versions = AuditSeal.objects.order_by().values("key_version").annotate(first=Min("number"))
    for seal in AuditSeal.objects.filter(pk__in=[version["first"] for version in versions]):
        if seal.key_version and seal.is_genuine():
            yield key_at(seal.sealed_at + timedelta(milliseconds=1)), seal.key_version


Patients = dict[int, set]


class SubjectCheck:
    """Compares the index of patients with the entries; advances with a reader of the log."""

    def __init__(self, first: int):
        self.first = first

    def findings(self, page: list[Row], last: int | None, purged: set[int]) -> Iterator[Finding]:
        """Up to a key, or to the end. Purged entries are in neither."""
        rows = AuditSubject.objects.filter(event_id__gte=self.first)
        if last is not None:
            rows, self.first = rows.filter(event_id__lte=last), last + 1
        indexed, named = _by_entry(rows.values_list("event_id", "patient_id")), _named(page)
        differing = {key for key in indexed.keys() | named.keys() if indexed.get(key) != named.get(key)}
        for some in parts(sorted(differing - purged)):
            yield from _check_again(some)


def _check_again(keys: list[int]) -> Iterator[Finding]:
    """Read both again, because others write meanwhile. Changed entries are reported elsewhere."""
    rows = list(entries_with(keys))
    indexed = _by_entry(AuditSubject.objects.filter(event_id__in=keys).values_list("event_id", "patient_id"))
    changed = {row["id"] for row in rows if not is_genuine(row)}
    named = _named(rows)
    for key in (key for key in keys if key not in changed):
        has, wants = indexed.get(key, set()), named.get(key, set())
        yield from (Finding(Kind.MISSING_SUBJECT, entry=key, patient=pk) for pk in sorted(wants - has))
        yield from (Finding(Kind.EXTRA_SUBJECT, entry=key, patient=pk) for pk in sorted(has - wants))


def _named(rows: Iterable[Row]) -> Patients:
    lists = ((row["id"], row["details"]) for row in rows)
    return {key: set(map(_number, details["patients"])) for key, details in lists if _lists_some(details)}


def _lists_some(details: object) -> bool:
    patients = details.get("patients") if isinstance(details, dict) else None
    return isinstance(patients, list) and bool(patients)


def _number(patient: object) -> int:
    return patient if isinstance(patient, int) else 0  # a changed entry, which is reported as such


def _by_entry(pairs: Iterable[tuple[int, int]]) -> Patients:
    found: Patients = {}
    for key, patient in pairs:
        found.setdefault(key, set()).add(patient)
    return found
