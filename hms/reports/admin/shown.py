"""An answer as its template needs it."""

from collections.abc import Iterator
from functools import cached_property

from hms.reports.behind import address_behind
from hms.reports.charts import Drawing, drawing_of
from hms.reports.question import Column, Row
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
        return drawing_of(self.answer, self.address)

    def address(self, row: Row, column: Column) -> str:
        """Of the list behind a number; the first column stands for the whole row."""
        whole = self.behind[id(row)]
        return address_behind(row, self.scope, column) if column.behind and whole else whole

    def lines(self) -> Iterator[tuple[str, list[tuple[Column, str, str]]]]:
        """For each row the address of the list behind it, and its cells, each with the address of its own."""
        for row in self.answer.rows:
            texts = zip(self.columns, cells(row, self.columns), strict=True)
            yield (
                self.behind[id(row)],
                [
                    (one, text, self.address(row, one) if one.behind and row[one.name] else "")
                    for one, text in texts
                ],
            )

    @property
    def totals(self) -> list[str]:
        totals = self.answer.totals
        return cells(totals, self.columns)[1:] if totals else []

    @property
    def has_rows(self) -> bool:
        return bool(self.answer.rows)
