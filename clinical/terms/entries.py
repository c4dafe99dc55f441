"""Lists of diagnoses as they are read from files and packages."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.names import tidy
from clinical.exceptions import BadDiagnosisList
from clinical.terms.folding import search_key

CODE = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
CATEGORY_LENGTH = 3
LONGEST_TITLE = 250
COLUMNS = {"title", "code"}


@dataclass(frozen=True)
class Entry:
    """A diagnosis of a list; synonyms are separated by semicolons."""

    code: str
    title: str
    synonyms: str = ""

    @property
    def search_key(self) -> str:
        return search_key(self.code, self.title, *self.synonyms.split(";"))


def read_csv(text: str) -> list[Entry]:
    """Read the columns code, title and perhaps synonyms.

    Refuses a file without them, and the first line with a code or title that is missing, wrong or known.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    if not set(reader.fieldnames or ()) >= COLUMNS:
        raise BadDiagnosisList(line=1, problem="the columns code and title are needed")
    return list(checked((reader.line_num, _entry(row)) for row in reader))


def checked(numbered: Iterable[tuple[int, Entry]]) -> Iterator[Entry]:
    """The entries; refuses one without title, with an impossible code, or with the code of another."""
    seen: dict[str, int] = {}
    for line, entry in numbered:
        problem = ""
        if not CODE.fullmatch(entry.code):
            problem = f"“{entry.code}” is not a code of ICD-10"
        elif not 0 < len(entry.title) <= LONGEST_TITLE:
            problem = f"{entry.code} needs a title of at most {LONGEST_TITLE} characters"
        elif entry.code in seen:
            problem = f"{entry.code} is already in line {seen[entry.code]}"
        if problem:
            raise BadDiagnosisList(line=line, problem=problem)
        seen[entry.code] = line
        yield entry


def normal_code(text: str) -> str:
    """In capitals and with its dot: "e119" is E11.9."""
    plain = "".join(text.upper().split()).replace(".", "")
    category, rest = plain[:CATEGORY_LENGTH], plain[CATEGORY_LENGTH:]
    return f"{category}.{rest}" if rest else category


def _entry(row: dict) -> Entry:
    code, title, names = (row.get(column) or "" for column in ("code", "title", "synonyms"))
    synonyms = dict.fromkeys(filter(None, map(tidy, names.split(";"))))
    return Entry(normal_code(code), tidy(title), ";".join(synonyms))
