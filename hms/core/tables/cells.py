"""Cells of tables that leave or enter as files.

A spreadsheet runs a cell that begins like a formula. On the way out such a cell gets an apostrophe in front,
on the way in it loses it again, so that a table that was exported can be imported without a difference.
"""

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext as _

from hms.core.typed_text import clean_text

FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - spreadsheets take the wide forms too

NO_RESULT = "#FORMULA!"  # what stands for a formula of which a workbook has no result
ERROR = re.compile(r"#(?:N/A|[A-Z_]+(?:/0)?[!?])")


def cell_of(value: Any) -> Any:
    """The value as it is written to a file; text is cleaned, because old rows may not be."""
    if not isinstance(value, str):
        return value
    text = clean_text(value, lines=True)
    return f"'{text}" if FORMULA.match(text) else text


def value_of(cell: Any) -> Any:
    """The value of a cell that was read from a file: text as in CSV, also of a spreadsheet's numbers."""
    if isinstance(cell, bool) or cell is None:
        return cell
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, int | float):
        return str(cell)
    if isinstance(cell, dt.datetime):
        return cell.date()
    if not isinstance(cell, str):
        return cell
    text = clean_text(cell, lines=True).strip(" ")
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def error_of(cell: Any) -> str:
    """Why a cell is no value, if a spreadsheet could not compute it."""
    if cell == NO_RESULT:
        return _(
            "The file has a formula here and not its result. Open it in a spreadsheet and save it again."
        )
    if isinstance(cell, str) and ERROR.fullmatch(cell):
        return _("“%(cell)s” is an error of the spreadsheet.") % {"cell": cell}
    return ""
