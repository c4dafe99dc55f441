"""Disciplines and complaints that come with the software, and adding later ones to a hospital's list."""

import csv
from collections.abc import Collection
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.capture.context import audit_context
from hms.core.folded import FoldedKey
from hms.core.locks import lock_rows
from hms.core.rights import permission_for, require
from hms.core.shipped import Shipped
from hms.core.transactions import retried_atomic
from scheduling.models import Complaint, Discipline
from scheduling.models.complaint import Known, Urgency

DATA = Path(__file__).parents[1] / "data"
FILES = {Discipline: "disciplines.csv", Complaint: "complaints.csv"}
LISTS = ("words", "not_meant")
REASON = "Came with the software"


@retried_atomic
def load_first_complaints() -> list[str]:
    """Write the disciplines and complaints that come with the software, unless there are some."""
    if Discipline.objects.exists() or Complaint.objects.exists():
        return []
    with audit_context(reason=REASON):
        for row in shipped_rows(Discipline):
            _discipline(row["name"])  # another one may have brought it
        for row in shipped_rows(Complaint):
            _create(Complaint, row)
    disciplines, complaints = (len(shipped_rows(model)) for model in FILES)
    return [f"{disciplines} disciplines and {complaints} complaints have been added."]


@retried_atomic
def add_shipped_words(*, model: type[Known], names: Collection[str], by) -> int:
    """Add the rows with these names, or what their words lack; returns how many rows gained something."""
    for verb in ("add", "change"):
        require(by, permission_for(verb, model))
    own = {row.name_key: row for row in lock_rows(model.objects.order_by("pk"))}
    added = 0
    with audit_context(reason=REASON):
        for row in shipped_rows(model):
            mine = own.get(FoldedKey.key_of(row["name"]))
            if row["name"] not in names or (mine and not missing_words(row, mine)):
                continue
            _extend(mine, row) if mine else _create(model, row)
            added += 1
    return added


def not_in_list(model: type[Known]) -> list[Shipped]:
    """What the hospital's list lacks: whole rows, and words of rows that it has by their names."""
    own = {row.name_key: row for row in model.objects.all()}
    found = []
    for row in shipped_rows(model):
        mine = own.get(FoldedKey.key_of(row["name"]))
        if mine is None:
            urgency = Urgency(row["urgency"]).label if "urgency" in row else ""
            found.append(Shipped(row["name"], str(urgency) or _("New"), tuple(row["words"].splitlines())))
        elif words := [word for each in missing_words(row, mine).values() for word in each]:
            more = ngettext("%d more phrase", "%d more phrases", len(words)) % len(words)
            found.append(Shipped(row["name"], more, tuple(words)))
    return found


def missing_words(row: dict, mine: Known) -> dict[str, list[str]]:
    """By list; a phrase that the hospital has in either list is not missing, wherever it stands here."""
    known = {line.strip().casefold() for name in LISTS for line in getattr(mine, name, "").splitlines()}
    missing = {
        name: [line for line in row[name].splitlines() if line.casefold() not in known]
        for name in LISTS
        if name in row
    }
    return {name: lines for name, lines in missing.items() if lines}


@cache
def shipped_rows(model: type[Known]) -> list[dict]:
    with (DATA / FILES[model]).open(encoding="utf-8", newline="") as file:
        rows = enumerate(csv.DictReader(file), 1)
        return [_typed(row) | {"position": position} for position, row in rows]


def _typed(row: dict) -> dict:
    return row | {name: row[name].replace(";", "\n") for name in LISTS if name in row}


def _extend(mine: Known, row: dict) -> None:
    for name, lines in missing_words(row, mine).items():
        setattr(mine, name, "\n".join(filter(None, [getattr(mine, name).strip(), *lines])))
    mine.full_clean()
    mine.save()


def _create(model: type[Known], row: dict) -> Known:
    if model is Discipline:
        return Discipline.objects.create(**row | {"instead": _discipline(row["instead"])})
    named = {"discipline": _discipline(row["discipline"]), "is_listed": row["is_listed"] == "1"}
    return Complaint.objects.create(**row | named)


def _discipline(name: str) -> Discipline | None:
    """The hospital's discipline of this name; added if there is none."""
    if not name:
        return None
    found = Discipline.objects.filter(name_key=FoldedKey.key_of(name)).first()
    return found or _create(Discipline, next(row for row in shipped_rows(Discipline) if row["name"] == name))
