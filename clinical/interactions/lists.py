"""Lists of interactions as they are read from files and packages."""

import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.names import tidy
from clinical.exceptions import BadInteractionList
from clinical.prescribing.facts import Interaction
from clinical.statuses import InteractionLevel

COLUMNS = ("one", "other", "level")
LEVELS = {str(word).casefold(): level for level in InteractionLevel for word in (level.value, level.label)}
LONGEST_NAME = 120


@dataclass(frozen=True)
class InteractionList:
    """`covers` are the names that the list knows; `unknown` those that the formulary does not have."""

    interactions: tuple[Interaction, ...]
    covers: frozenset[str]
    unknown: frozenset[str] = frozenset()

    @property
    def digest(self) -> str:
        rows = [(each.one, each.other, each.level, each.text) for each in self.interactions]
        return hashlib.sha256(repr((rows, sorted(self.covers))).encode()).hexdigest()


def read_csv(text: str, formulary: Iterable[str]) -> InteractionList:
    """Read the columns one, other and level, and perhaps text.

    `one` and `other` are ingredients or classes; those of the formulary are found in any case, others are
    kept as they are written. Refuses the first line with a mistake.
    """
    known = {name.casefold(): name for name in formulary}
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    if not set(reader.fieldnames or ()) >= set(COLUMNS):
        raise BadInteractionList(where="Line 1", problem="the columns one, other and level are needed")
    lines: dict[tuple, int] = {}
    found = []
    for row in reader:
        each = _checked(row, known, reader.line_num)
        key = (frozenset((folded(each.one), folded(each.other))), each.level)
        if key in lines:
            problem = f"{each.one} and {each.other} are already in line {lines[key]}"
            raise BadInteractionList(where=f"Line {reader.line_num}", problem=problem)
        lines[key] = reader.line_num
        found.append(each)
    covers = frozenset(name for each in found for name in (each.one, each.other))
    return InteractionList(tuple(found), covers, covers - set(known.values()))


def _checked(row: Mapping, known: dict[str, str], line: int) -> Interaction:
    one, other = (_name(row.get(column), known) for column in ("one", "other"))
    level = LEVELS.get(tidy(row.get("level") or "").casefold())
    problem = ""
    if not (0 < len(one) <= LONGEST_NAME and 0 < len(other) <= LONGEST_NAME):
        problem = f"two names of at most {LONGEST_NAME} characters are needed"
    elif folded(one) == folded(other):
        problem = f"{one} does not interact with itself"
    elif level is None:
        problem = f"the level is one of {', '.join(InteractionLevel.values)}"
    if problem:
        raise BadInteractionList(where=f"Line {line}", problem=problem)
    return Interaction(one, other, level, tidy(row.get("text") or "").rstrip("."))


def _name(text: str | None, known: dict[str, str]) -> str:
    name = tidy(text or "")
    return known.get(name.casefold(), name)


def folded(text: str) -> str:
    """In small letters without accents, as MariaDB compares."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each)).strip()
