"""Read a table from a file: CSV as different systems write it, or the first sheet of a workbook.

The encoding and the separator are recognised; what was recognised is said on the page. A row keeps the number
that a spreadsheet shows for it.
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hms.core.refusals import Refusal
from hms.core.tables.cells import NO_RESULT, cell_of, value_of
from hms.core.tables.limits import TableTooLarge, largest, most_rows
from hms.core.typed_text import clean_text

MOST_COLUMNS = 100
MOST_BLANK = 20  # times the rows: records that a workbook may have with the blank ones
MOST_UNPACKED = 20  # times the largest file: what a workbook may hold when it is unpacked
REASON = "Why not imported"
SEPARATORS = {
    ",": gettext_lazy("commas"),
    ";": gettext_lazy("semicolons"),
    "\t": gettext_lazy("tabs"),
    "|": gettext_lazy("vertical bars"),
}
HINT = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)  # a first line for spreadsheets
QUOTED = re.compile(r'"[^"]*"')
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class NotReadable(Refusal):
    code = "not_readable"


@dataclass
class Sheet:
    """The head and the rows of a file; a row has as many cells as the head, or more if it is wrong."""

    headers: list[str]
    rows: list[list[Any]]
    numbers: list[int]
    said: list[str] = field(default_factory=list)  # what somebody should know before the rows are used

    def samples(self, place: int, most: int = 3) -> list[str]:
        """The first different values of a column."""
        values = dict.fromkeys(str(row[place]) for row in self.rows if row[place] not in ("", None))
        return [*values][:most]

    def only(self, places: list[int]) -> "Sheet":
        return Sheet(
            self.headers, [self.rows[place] for place in places], [self.numbers[place] for place in places]
        )

    def left_over(self, reasons: dict[int, str]) -> bytes:
        """The rows that have reasons, by their places, as CSV in the columns of the file."""
        out = StringIO()
        writer = csv.writer(out)
        kept = [place for place, header in enumerate(self.headers) if header != REASON]
        writer.writerow([*(cell_of(self.headers[place]) for place in kept), REASON])
        for number, reason in reasons.items():
            row = self.rows[number]
            cells = [*(row[place] for place in kept), *row[len(self.headers) :]]
            writer.writerow([*map(cell_of, cells), reason])
        return out.getvalue().encode("utf-8-sig")


def read_sheet(data: bytes) -> Sheet:
    """The table of a CSV file or workbook; refuses what is neither, too much, and a file without rows."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotReadable(_("This is a workbook of an old kind. Save it as XLSX or CSV."))
    said: list[str] = []
    records = _of_workbook(data, said) if data.startswith(b"PK\x03\x04") else _of_text(data, said)
    found = _not_blank(records)
    _number, head = next(found, (0, None))
    if head is None:
        raise NotReadable(_("This file is empty."))
    headers = _headers(head)
    sheet = Sheet(headers, [], [], said)
    for number, cells in found:
        sheet.numbers.append(number)
        sheet.rows.append(_as_wide(cells, len(headers)))
        if len(sheet.rows) > most_rows():
            raise TableTooLarge
    if not sheet.rows:
        raise NotReadable(_("This file has a head and no rows."))
    return sheet


def _headers(head: list) -> list[str]:
    names = [clean_text(str(cell)).strip() for cell in head]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise NotReadable(_("A file has at most %(most)d columns.") % {"most": MOST_COLUMNS})
    return names


def _as_wide(cells: list, width: int) -> list:
    """As many cells as the head; more only if they are not empty, so that the row is refused."""
    while len(cells) > width and cells[-1] == "":
        cells.pop()
    return cells + [""] * (width - len(cells))


def _not_blank(records: Iterable[Iterable]) -> Iterator[tuple[int, list]]:
    for number, record in enumerate(records, 1):
        if number > MOST_BLANK * (most_rows() + 1):
            raise TableTooLarge
        cells = ["" if value is None else value for value in map(value_of, record)]
        if any(cell != "" for cell in cells):
            yield number, cells


def _of_workbook(data: bytes, said: list[str]) -> Iterator[tuple]:
    try:
        yield from _rows_of_workbook(data, said)
    except Refusal:
        raise
    except Exception as error:  # whatever the library raises for a broken file
        raise NotReadable(_("This workbook cannot be read. Save it as XLSX or CSV again.")) from error


def _rows_of_workbook(data: bytes, said: list[str]) -> Iterator[tuple]:
    with zipfile.ZipFile(BytesIO(data)) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())
    if unpacked > MOST_UNPACKED * largest():
        raise TableTooLarge
    book, written = (
        openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=is_result)
        for is_result in (True, False)
    )
    sheet = book.active
    if len(book.sheetnames) > 1:
        text = _("Only the sheet “%(name)s” is read; the workbook has %(count)d sheets.")
        said.append(text % {"name": sheet.title, "count": len(book.sheetnames)})
    for cells, formulas in zip(sheet.iter_rows(), written.active.iter_rows(), strict=True):
        yield tuple(_result(*both) for both in zip(cells, formulas, strict=True))


def _result(cell, formula) -> Any:
    """The value of a cell; a formula without a stored result is not the same as an empty cell."""
    is_lost = cell.value is None and formula.data_type == "f" and cell.data_type != "str"
    return NO_RESULT if is_lost else cell.value


def _of_text(data: bytes, said: list[str]) -> Iterator[list[str]]:
    text = _decoded(data, said)
    hint = HINT.match(text)
    separator = hint[1] if hint else _separator(text)
    if separator != ",":
        said.append(_("The columns are separated by %(separator)s.") % {"separator": SEPARATORS[separator]})
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    if hint:
        next(reader)
    return _records(reader)


def _records(reader) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        text = _("Line %(line)d cannot be read; often a quotation mark is not closed.")
        raise NotReadable(text % {"line": reader.line_num}) from error


def _decoded(data: bytes, said: list[str]) -> str:
    marked = next((name for mark, name in MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(marked)
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise NotReadable(_("This is neither a CSV file in UTF-8 or Windows-1252 nor a workbook.")) from error
    if "\x00" in text:
        raise NotReadable(_("This is neither a CSV file nor a workbook."))
    said.append(_("The letters were read as Windows-1252, because they are not UTF-8: look at the accents."))
    return text


def _separator(text: str) -> str:
    """The one that the head has most often outside quotation marks."""
    head = QUOTED.sub("", next((line for line in text.splitlines() if line.strip()), ""))
    return max(SEPARATORS, key=head.count)
