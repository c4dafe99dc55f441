"""Reads visits with their outcomes from a CSV file, for example from the system used before.

The columns are `patient`, `booked_on`, `visit_on`, `age`, `missed` and, if wanted, `gender`; those of the
public data set of Vitória, Brazil, are understood too. No other column is read.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class ReadFile:
    outcomes: list[Outcome]
    left_out: list[str]  # the lines with impossible visits, and why
    ignored: list[str]  # columns on which no estimate rests


def read_outcomes(lines: Iterable[str]) -> ReadFile:
    """The visits; left out are those booked after their day, or with an impossible age.

    Raises `UnreadableFile` for a missing column or a value that cannot be read, with its line.
    """
    reader = csv.DictReader(lines)
    names = _names(reader.fieldnames or ())
    kept, left_out = [], []
    for line, one in _read(reader, names):
        if why := _impossible(one):
            left_out.append(f"line {line}: {why}")
        else:
            kept.append(one)
    ignored = [name for name in reader.fieldnames or () if name and name not in names.values()]
    return ReadFile(kept, left_out, ignored)


def _impossible(one: Outcome) -> str:
    if one.booked_on > one.visit_on:
        return f"booked on {one.booked_on}, after the visit on {one.visit_on}"
    return "" if 0 <= one.age <= OLDEST else f"age {one.age}"


def _names(given: Iterable[str]) -> dict[str, str]:
    given = set(given)
    names = {name: name if name in given else other for name, other in ALSO.items()}
    missing = [name for name in NEEDED if names[name] not in given]
    if missing:
        raise UnreadableFile(f"The file has no column {', '.join(missing)}.")
    return names


def _read(reader: csv.DictReader, names: dict[str, str]) -> Iterator[tuple[int, Outcome]]:
    for row in reader:
        cells = {name: (row.get(column) or "").strip() for name, column in names.items()}
        try:
            yield reader.line_num, _outcome(cells)
        except ValueError as error:
            raise UnreadableFile(f"Line {reader.line_num}: {error}") from error


def _outcome(cells: dict[str, str]) -> Outcome:
    booked_on, visit_on = (date.fromisoformat(cells[name][:10]) for name in ("booked_on", "visit_on"))
    said = cells["missed"].lower()
    if said not in YES | NO or not cells["patient"]:
        raise ValueError(f"patient {cells['patient']!r}, missed {cells['missed']!r}")
    age = int(cells["age"])
    return Outcome(cells["patient"], booked_on, visit_on, visit_on, age, said in YES, cells["gender"])
