"""Consecutive numbers without gaps: one locked counter row per series and financial year."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.models import NumberSeries
from hms.core.locks import lock_first, lock_row

RECEIPTS = "RCT"
APRIL = 4


@dataclass(frozen=True)
class DocumentNumber:
    """A document number (CGST Rules, rule 46(b)): at most 16 characters, unique in its financial year."""

    series: str
    financial_year: str
    serial: int

    def __str__(self):
        return f"{self.series}/{self.financial_year}/{self.serial:06d}"


def next_number(series: str, on: date | None = None) -> DocumentNumber:
    """The next number; the caller issues the document in the same transaction, so no gap can remain."""
    return next_numbers(series, financial_year(on or timezone.localdate()), 1)[0]


def next_numbers(series: str, year: str, count: int) -> list[DocumentNumber]:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A number may only be taken inside the transaction that issues its document.")
    row = _locked(series, year)
    first = row.last + 1
    row.last += count
    row.save(update_fields=["last"])
    return [DocumentNumber(series, year, serial) for serial in range(first, row.last + 1)]


def financial_year(day: date) -> str:
    """India's year from April to March: 2026-04-01 to 2027-03-31 is `2627`."""
    first = day.year if day.month >= APRIL else day.year - 1
    return f"{first % 100:02d}{(first + 1) % 100:02d}"


def _locked(series: str, year: str) -> NumberSeries:
    rows = NumberSeries.objects.filter(series=series, financial_year=year)
    row = lock_first(rows)
    if row is None:
        try:
            with transaction.atomic():
                NumberSeries.objects.create(series=series, financial_year=year)
        except IntegrityError:
            pass  # a concurrent transaction took the first number of the year
        row = lock_row(rows)
    return row
