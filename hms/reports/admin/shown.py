"""An answer as its template needs it."""

from collections.abc import Iterator
from functools import cached_property

from hms.reports.behind import address_behind
from hms.reports.charts import Drawing, drawing_of
from hms.reports.question import Column
from hms.reports.services import Answer
from hms.reports.words import cells


class ShownAnswer:
    def __init__(self, answer: Answer):
        self.question, self.scope, self.answer = answer.question, answer.scope, answer
        self.behind = {id(row): address_behind(row, self.scope) for row in answer.rows}

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.question.columns

    @cached_property
    def drawing(self) -> Drawing | None:
        return drawing_of(self.answer, lambda row: self.behind[id(row)])

    def lines(self) -> Iterator[tuple[str, list[tuple[Column, str]]]]:
        """For each row the address of the list behind it, and its cells."""
        for row in self.answer.rows:
            yield self.behind[id(row)], list(zip(self.columns, cells(row, self.columns), strict=True))

    @property
    def totals(self) -> list[str]:
        totals = self.answer.totals
        return cells(totals, self.columns)[1:] if totals else []

    @property
    def has_rows(self) -> bool:
        return bool(self.answer.rows)
