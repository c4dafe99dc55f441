"""Values as people read them, and as files and programs get them."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from hms.core.money import money, to_paisa
from hms.reports.question import Column, Kind, Row


def shown(value: Any, kind: Kind) -> str:
    if value is None:
        return "–"  # noqa: RUF001 - a dash, as in other tables
    if kind == Kind.MONEY:
        return money(value)
    if kind == Kind.SHARE:
        return f"{value} %"
    if kind == Kind.MINUTES:
        return _("%d min") % value
    return f"{value:,}" if isinstance(value, int) else str(value)


def cells(row: Row, columns: tuple[Column, ...]) -> list[str]:
    return [shown(row[column.name], column.kind) if column.name in row else "" for column in columns]


def plain(value: Any, kind: Kind) -> Any:
    """For JSON: amounts and shares as text, which keeps their digits."""
    value = exact(value, kind)
    return str(value) if value is not None and not isinstance(value, int) else value


def for_file(value: Any, kind: Kind) -> Any:
    """For a spreadsheet: numbers stay numbers."""
    value = exact(value, kind)
    return "" if value is None else value if isinstance(value, int | Decimal) else str(value)


def exact(value: Any, kind: Kind) -> Any:
    """Amounts with their paise, which a database may leave out of a sum."""
    return to_paisa(Decimal(value)) if kind == Kind.MONEY and value is not None else value
