"""Disciplines and complaints: those that come with the software, and how administrators change them."""

import csv
from pathlib import Path

from django.core.exceptions import ValidationError

from audit.capture.context import audit_context
from hms.core.rights import require_to_save
from hms.core.transactions import retried_atomic
from scheduling.exceptions import SaysNothing
from scheduling.finding.words import says_something, words_of
from scheduling.models import Complaint, Discipline

DATA = Path(__file__).parents[1] / "data"
LISTS = ("words", "not_meant")


@retried_atomic
def load_first_complaints() -> list[str]:
    """Write the disciplines and complaints that come with the software, unless there are some."""
    if Discipline.objects.exists() or Complaint.objects.exists():
        return []
    with audit_context(reason="Came with the software"):
        disciplines, complaints = _rows("disciplines.csv"), _rows("complaints.csv")
        known: dict[str, Discipline] = {}
        for row in disciplines:
            known[row["name"]] = Discipline.objects.create(**row | {"instead": known.get(row["instead"])})
        for row in complaints:
            row |= {"discipline": known[row["discipline"]], "is_listed": row["is_listed"] == "1"}
            Complaint.objects.create(**row)
    return [f"{len(disciplines)} disciplines and {len(complaints)} complaints have been added."]


def _rows(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = enumerate(csv.DictReader(file), 1)
        return [_typed(row) | {"position": position} for position, row in rows]


def _typed(row: dict) -> dict:
    return row | {name: row[name].replace(";", "\n") for name in LISTS if name in row}


@retried_atomic
def save_discipline(*, discipline: Discipline, by) -> Discipline:
    require_to_save(by, discipline)
    _require_words(discipline)
    discipline.full_clean()
    discipline.save()
    return discipline


@retried_atomic
def save_complaint(*, complaint: Complaint, by) -> Complaint:
    require_to_save(by, complaint)
    _require_words(complaint)
    complaint.full_clean()
    complaint.save()
    return complaint


def _require_words(row: Complaint | Discipline) -> None:
    """Refuse phrases of which nothing is left to find, like “not very”."""
    lines = [(name, line) for name in LISTS for line in getattr(row, name, "").splitlines() if line.strip()]
    for name, line in lines:
        if not says_something(words_of(line)):
            raise ValidationError({name: SaysNothing(phrase=line.strip())})
