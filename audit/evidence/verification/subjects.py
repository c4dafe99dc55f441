"""Compares the index of patients with the entries, which name the same patients under their hash."""

from collections.abc import Iterable, Iterator

from audit.capture.rows import parts
from audit.evidence.entries import Row, entries_with, is_genuine
from audit.evidence.verification.findings import Finding, Kind
from audit.models import AuditSubject

Patients = dict[int, set]


class SubjectCheck:
    """Goes along with somebody who reads the log in the order of its keys."""

    def __init__(self, first: int):
        self.first = first

    def findings(self, page: list[Row], last: int | None, purged: set[int]) -> Iterator[Finding]:
        """Up to a key, or to the end. What was purged is gone from both."""
        rows = AuditSubject.objects.filter(event_id__gte=self.first)
        if last is not None:
            rows, self.first = rows.filter(event_id__lte=last), last + 1
        indexed, named = _by_entry(rows.values_list("event_id", "patient_id")), _named(page)
        differing = {key for key in indexed.keys() | named.keys() if indexed.get(key) != named.get(key)}
        for some in parts(sorted(differing - purged)):
            yield from _look_again(some)


def _look_again(keys: list[int]) -> Iterator[Finding]:
    """Others write meanwhile: an entry and its patients are there together. A changed entry says nothing."""
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
    return patient if isinstance(patient, int) else 0  # of a changed entry, which is named for that


def _by_entry(pairs: Iterable[tuple[int, int]]) -> Patients:
    found: Patients = {}
    for key, patient in pairs:
        found.setdefault(key, set()).add(patient)
    return found
