"""The tests and panels that a doctor typed: "CBC, HbA1c"."""

from accounts.names import folded, tidy
from clinical.exceptions import TestUnknown
from clinical.models import LabPanel, LabTest

Orderable = LabTest | LabPanel


def names_in(text: str) -> list[str]:
    return [tidy(name) for line in text.splitlines() for name in line.split(",") if name.strip()]


def tests_in(text: str) -> list[Orderable]:
    """What the names mean; refuses with `TestUnknown` one that the catalogue does not have."""
    by_name = catalogue()
    return [_called(name, by_name) for name in names_in(text)]


def catalogue() -> dict[str, Orderable]:
    """The tests and panels by name, code and other names; of one name, a panel before a test."""
    found: dict[str, Orderable] = {}
    for model in (LabPanel, LabTest):
        for row in model.objects.filter(is_active=True):
            for name in (row.name, row.code, *getattr(row, "synonyms", "").split(";")):
                found.setdefault(folded(name), row)
    return found


def _called(name: str, by_name: dict[str, Orderable]) -> Orderable:
    row = by_name.get(folded(name))
    if row is None:
        raise TestUnknown(name=name)
    return row
