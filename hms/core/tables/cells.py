"""Cells of tables that leave or enter as files.

A spreadsheet runs a cell that begins like a formula. On the way out such a cell gets an apostrophe in front,
on the way in it loses it again, so that a table that was exported can be imported without a difference.
"""

import datetime as dt
import re
from typing import Any

from hms.core.typed_text import clean_text

FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - spreadsheets take the wide forms too


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
