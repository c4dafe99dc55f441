"""An answer as its template needs it."""

from collections.abc import Iterator
from functools import cached_property

from hms.reports.behind import address_behind, sees_all
from hms.reports.charts import Drawing, drawing_of
from hms.reports.question import Column, Row
from hms.reports.services import Answer
from hms.reports.words import cells


class ShownAnswer:
    def __init__(self, answer: Answer):
        self.question, self.scope, self.answer = answer.question, answer.scope, answer

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.question.columns

    @cached_property
    def drawing(self) -> Drawing | None:
        return drawing_of(self.answer, self.address)

    def address(self, row: Row, column: Column) -> str:
        """Of the list behind a number; there is none behind nothing."""
        return address_behind(self.question, self.scope, column, row) if row[column.name] else ""

    def lines(self) -> Iterator[list[tuple[Column, str, str]]]:
        """The cells of each row with the addresses behind them."""
        for row in self.answer.rows:
            texts = zip(self.columns, cells(row, self.columns), strict=True)
            yield [(one, text, self.address(row, one)) for one, text in texts]

    def totals(self) -> list[tuple[str, str]]:
        totals = self.answer.totals
        if not totals:
            return []
        texts = zip(self.columns, cells(totals, self.columns), strict=True)
        return [
            (text, address_behind(self.question, self.scope, one) if totals.get(one.name) else "")
            for one, text in texts
        ][1:]

    @property
    def lists_only_own(self) -> bool:
        """Whether a list behind a number shows the person fewer rows than are counted."""
        return any(
            not sees_all(one.behind.model, self.scope)
            for one in self.columns
            if address_behind(self.question, self.scope, one)
        )

    @property
    def has_rows(self) -> bool:
        return bool(self.answer.rows)
