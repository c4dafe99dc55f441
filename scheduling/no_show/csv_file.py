"""Reads visits with their outcomes from a CSV file, for example from the system used before.

The columns are `patient`, `booked_on`, `visit_on`, `age`, `missed` and, if wanted, `gender`; those of the
public data set of Vitória, Brazil, are understood too.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date

from scheduling.no_show.facts import Outcome

NEEDED = ("patient", "booked_on", "visit_on", "age", "missed")
ALSO = {
    "patient": "PatientId",
    "booked_on": "ScheduledDay",
    "visit_on": "AppointmentDay",
    "age": "Age",
    "missed": "No-show",
    "gender": "Gender",
}
YES, NO = {"yes", "true", "1"}, {"no", "false", "0"}
OLDEST = 130


class UnreadableFile(ValueError):
    pass


def read_outcomes(lines: Iterable[str]) -> tuple[list[Outcome], int]:
    """The visits, and how many were left out: booked after their day, or with an impossible age.

    Raises `UnreadableFile` for a missing column or a value that cannot be read, with its line.
    """
    reader = csv.DictReader(lines)
    names = _names(reader.fieldnames or ())
    read = list(_read(reader, names))
    kept = [one for one in read if one.booked_on <= one.visit_on and 0 <= one.age <= OLDEST]
    return kept, len(read) - len(kept)


def _names(given: Iterable[str]) -> dict[str, str]:
    given = set(given)
    names = {name: name if name in given else other for name, other in ALSO.items()}
    missing = [name for name in NEEDED if names[name] not in given]
    if missing:
        raise UnreadableFile(f"The file has no column {', '.join(missing)}.")
    return names


def _read(reader: csv.DictReader, names: dict[str, str]) -> Iterator[Outcome]:
    for row in reader:
        cells = {name: (row.get(column) or "").strip() for name, column in names.items()}
        try:
            yield _outcome(cells)
        except ValueError as error:
            raise UnreadableFile(f"Line {reader.line_num}: {error}") from error


def _outcome(cells: dict[str, str]) -> Outcome:
    booked_on, visit_on = (date.fromisoformat(cells[name][:10]) for name in ("booked_on", "visit_on"))
    said = cells["missed"].lower()
    if said not in YES | NO or not cells["patient"]:
        raise ValueError(f"patient {cells['patient']!r}, missed {cells['missed']!r}")
    age = int(cells["age"])
    return Outcome(cells["patient"], booked_on, visit_on, visit_on, age, said in YES, cells["gender"])
