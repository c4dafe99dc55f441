"""What a report is: one question, declared once in a file of `hms.reports.questions`.

    @question(
        "bookings",
        title=_("Bookings"),
        definition=_("…, so that two people do not argue about a number."),
        permission="reports.view_visits",
        columns=(Column("period", _("Period"), Kind.TEXT), Column("booked", _("Booked"))),
        filters=PLACES,
        chart=Chart.BARS,
    )
    def bookings(scope: Scope) -> list[dict]:

The page, its chart, the files and the API follow from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import Model, Q, QuerySet

from hms.reports.scope import Scope

Row = dict[str, Any]
LEAST_PATIENTS = 5  # fewer are not told apart in tables of diagnoses and tests


class Kind(Enum):
    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    SHARE = "share"  # per cent, one decimal place
    MINUTES = "minutes"
    NUMBER = "number"


class Chart(Enum):
    BARS = "bars"  # one for each row and drawn column
    STACKED = "stacked"
    LINES = "lines"
    HEAT = "heat"  # rows by drawn columns


@dataclass(frozen=True)
class Behind:
    """What a column counts: the rows of `model` that `rows` leads to by the path `to`.

    A line of the table counts those whose `key` is the `key` of the line.
    """

    model: type[Model]
    rows: Callable[[Scope], QuerySet]
    key: str | Callable[[str], Q] = ""
    to: str = "pk"


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    kind: Kind = Kind.COUNT
    is_drawn: bool = False  # in the chart
    behind: Behind | None = None


@dataclass(frozen=True)
class Question:
    """`filters` beyond the days: of `Scope`, by their names in addresses.

    A row may hold more than its columns: its `key`, and its `days` where they are not those of the scope; by
    them its numbers lead to the lists behind them. `not_listed` says why there are none.

    Whoever has the `permission` may ask about everybody. If `is_own`, a doctor may ask about oneself, and the
    head of a department about its doctors.
    """

    slug: str
    title: str
    definition: str
    permission: str
    columns: tuple[Column, ...]
    rows: Callable[[Scope], list[Row]]
    filters: tuple[str, ...] = ()
    chart: Chart | None = None
    is_own: bool = True
    has_total: bool = True
    most_days: int = 3_660
    days_shown: int = 30  # where the address names none
    not_listed: str = ""

    @property
    def label_column(self) -> Column:
        return self.columns[0]

    @property
    def drawn(self) -> list[Column]:
        return [column for column in self.columns if column.is_drawn]


PLACES = ("branch", "department", "doctor")
IN_TIME = (*PLACES, "step")
QUESTIONS: dict[str, Question] = {}


def question(slug: str, **declared) -> Callable:
    """Add the function to the registry as the answer to a question; returns it unchanged."""

    def add(rows: Callable[[Scope], list[Row]]) -> Callable:
        QUESTIONS[slug] = Question(slug=slug, rows=rows, **declared)
        return rows

    return add


def share(part: int, whole: int) -> Decimal | None:
    """Per cent to one decimal place, rounded half up; None of nothing."""
    return Decimal((2000 * part + whole) // (2 * whole)).scaleb(-1) if whole else None


def minutes(seconds: int | None, visits: int) -> int | None:
    """The mean in whole minutes, rounded half up; None of nothing."""
    return (2 * (seconds or 0) + 60 * visits) // (120 * visits) if visits else None


def first_with_ties(rows: list[Row], count: str, top: int, label: str) -> list[Row]:
    """The rows with the largest counts, and all others with as many as the last of them."""
    ordered = sorted(rows, key=lambda row: (-row[count], row[label]))
    least = ordered[top - 1][count] if len(ordered) > top else 0
    return [row for row in ordered if row[count] >= least]
