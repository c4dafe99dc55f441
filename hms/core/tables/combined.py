"""Columns that we do not have and other systems do: parts of a name, and an age instead of a birth date."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hms.core.tables.readings import NameOrder, Reading

AGE = re.compile(
    r"(\d{1,3})\s*(?:(years?|yrs?|y)|(months?|mths?|mos?|m)|(weeks?|wks?|w)|(days?|d))?\.?", re.IGNORECASE
)
ELDEST = 130


@dataclass
class Row:
    """The cells of one row by our columns."""

    cells: dict = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)  # by column
    compared: dict[str, date] = field(default_factory=dict)  # by column, what its value has to be near
    estimated: dict[str, str] = field(default_factory=dict)  # by column, with a note; for new rows only


@dataclass(frozen=True)
class Combined:
    """Columns of a file that together give `into`."""

    into: str
    columns: dict[str, tuple]  # the words for each, then other names that files have for it
    fill: Callable[[Row, Reading], None]


def order_name(row: Row, reading: Reading) -> None:
    name = str(row.cells.get("full_name") or "")
    if reading.name_order != NameOrder.FAMILY_FIRST or not name:
        return
    family, comma, given = name.partition(",")
    if not comma and len(name.split()) > 2:
        text = _("“%(name)s”: it is not clear where the family name ends. Write a comma after it.")
        row.wrong["full_name"] = text % {"name": name}
        return
    if not comma:
        family, _blank, given = " ".join(name.split()).partition(" ")
    row.cells["full_name"] = f"{given.strip()} {family.strip()}".strip()


def join_name(row: Row, reading: Reading) -> None:
    order_name(row, reading)
    parts = [
        str(row.cells.pop(name, "") or "").strip() for name in ("first_name", "middle_name", "last_name")
    ]
    if any(parts):
        row.cells["full_name"] = " ".join(filter(None, parts))


def date_from_age(row: Row, reading: Reading) -> None:
    """An age in years stands for 1 January, as everywhere where the birthday is unknown."""
    typed = str(row.cells.pop("age", "") or "").strip()
    if not typed:
        return
    is_known = bool(row.cells.get("date_of_birth"))
    if is_known:
        row.notes.append(_("The age “%(age)s” was not used: there is a birth date.") % {"age": typed})
    try:
        born = born_on(typed, date.fromisoformat(reading.ages_on))
    except ValueError:
        text = _("“%(age)s” is not an age. Write years as 42, or 6 months, 3 weeks, 10 days.")
        if not is_known:
            row.wrong["date_of_birth"] = text % {"age": typed}
        return
    if is_known:
        row.compared["date_of_birth"] = born
        return
    row.cells["date_of_birth"] = born
    said = {"age": typed, "date": date_format(born, "j M Y")}
    row.estimated["date_of_birth"] = _("Born on %(date)s, computed from the age “%(age)s”.") % said


def born_on(typed: str, day: date) -> date:
    """A birth date with exactly this age on the day; `ValueError` for anything that is not an age."""
    found = AGE.fullmatch(typed)
    if found is None or int(found[1]) > ELDEST:
        raise ValueError(typed)
    number, (_years, months, weeks, days) = int(found[1]), found.groups()[1:]
    if days or weeks:
        return day - timedelta(days=number * (7 if weeks else 1))
    if months:
        first = day.year * 12 + day.month - 1 - number
        last = (date((first + 1) // 12, (first + 1) % 12 + 1, 1) - timedelta(days=1)).day
        return date(first // 12, first % 12 + 1, min(day.day, last))
    return date(day.year - number, 1, 1)


COMBINED = (
    Combined(
        "full_name",
        {
            "first_name": (gettext_lazy("first name"), "given name", "forename", "fname"),
            "middle_name": (gettext_lazy("middle name"), "mname"),
            "last_name": (gettext_lazy("last name"), "surname", "family name", "lname"),
        },
        join_name,
    ),
    Combined("date_of_birth", {"age": (gettext_lazy("age"), "age years", "age yrs")}, date_from_age),
)
