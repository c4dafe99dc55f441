"""Bills, payments and receipts of many visits at once: the same prices, papers and numbers as one by one.

For data that is brought in or made up. Who is written to about money is not the business of this
file: nobody is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from django.utils import timezone

from billing.models import BillingProfile, Invoice, InvoiceLine, Payment, Receipt
from billing.pricing import Quote
from billing.services.invoices import invoice_of, key_of_bill, lines_of
from billing.services.numbering import RECEIPTS, financial_year, next_numbers
from billing.services.quotes import quote_under
from billing.services.receipts import freeze, numbered
from billing.statuses import GatewayCode, PaymentStatus
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment

BATCH = 500


@dataclass(frozen=True)
class MoneyIn:
    """How and when a visit was paid for."""

    method: str
    at: datetime
    gateway: str = GatewayCode.DESK


@retried_atomic
def bill_visits(*, visits: Sequence[Appointment], paid: Mapping[int, MoneyIn], by) -> None:
    """Write the bills of visits that have none, priced on the day they were booked, and pay some.

    `paid` has the visit's primary key. Give visits with doctor, branch and patient selected.
    """
    profiles = Profiles()
    quotes = {visit.pk: profiles.quote(visit) for visit in visits}
    invoices = {visit.pk: _opened(visit, quotes[visit.pk], by) for visit in visits}
    _save(Invoice, list(invoices.values()))
    lines = {pk: lines_of(invoice, quotes[pk]) for pk, invoice in invoices.items()}
    InvoiceLine.objects.bulk_create([line for rows in lines.values() for line in rows], BATCH)
    payments = [_captured(invoices[pk], money, by) for pk, money in paid.items() if pk in invoices]
    _save(Payment, payments)
    _issue(sorted(payments, key=lambda payment: payment.captured_at), lines, profiles)


class Profiles:
    """Profiles and taxes by day, each day read once."""

    def __init__(self):
        self._by_day: dict[date, BillingProfile] = {}
        self._quotes: dict[tuple[date, int], Quote] = {}

    def on(self, day: date) -> BillingProfile:
        if day not in self._by_day:
            self._by_day[day] = BillingProfile.objects.in_force(day)
        return self._by_day[day]

    def quote(self, visit: Appointment) -> Quote:
        day = timezone.localdate(visit.created_at)
        key = (day, visit.doctor_id)
        if key not in self._quotes:
            self._quotes[key] = quote_under(self.on(day), visit.doctor, day)
        return self._quotes[key]


def _opened(visit: Appointment, quote: Quote, by) -> Invoice:
    invoice = invoice_of(visit, quote, key=key_of_bill(visit), by=by)
    invoice.patient, invoice.created_at = visit.patient, visit.created_at
    return invoice


def _captured(invoice: Invoice, money: MoneyIn, by) -> Payment:
    payment = Payment(
        invoice=invoice,
        amount=invoice.total,
        refunded_amount=Decimal("0.00"),
        method=money.method,
        gateway=money.gateway,
        status=PaymentStatus.CAPTURED,
        by=by,
        created_at=money.at,
        captured_at=money.at,
        closed_at=money.at,
    )
    payment.idempotency_key = f"{invoice.reference}/{payment.reference}"
    if money.gateway != GatewayCode.DESK:
        payment.gateway_reference = f"PB-{payment.reference}"
    return payment


def _issue(payments: list[Payment], lines: dict[int, list[InvoiceLine]], profiles: Profiles) -> None:
    receipts = []
    for year, group in groupby(payments, key=_year_of):
        rows = list(group)
        for payment, number in zip(rows, next_numbers(RECEIPTS, year, len(rows)), strict=True):
            at = payment.captured_at
            profile = profiles.on(timezone.localdate(at))
            billed = lines[payment.invoice.appointment_id]
            frozen = freeze(payment, lines=billed, profile=profile, at=at)
            receipts.append(numbered(payment, number, frozen, at=at))
    Receipt.objects.bulk_create(receipts, BATCH)


def _year_of(payment: Payment) -> str:
    return financial_year(timezone.localdate(payment.captured_at))


def _save(model, rows: list) -> None:
    """Insert the rows and give each its primary key, which not every database returns."""
    model.objects.bulk_create(rows, BATCH)
    for start in range(0, len(rows), BATCH):
        batch = {row.reference: row for row in rows[start : start + BATCH]}
        found = model.objects.filter(reference__in=batch).values_list("reference", "pk")
        for reference, pk in found:
            batch[reference].pk = pk
