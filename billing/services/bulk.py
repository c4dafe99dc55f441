"""Bills and payments of the past, many at once: what an import writes, and the demo.

Prices, rows, refusals, numbers and receipts come from the same functions as those of one payment. No signal
is sent, no gateway is asked and nobody is written to.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import groupby

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from billing.exceptions import BillClosed
from billing.models import BillingProfile, Invoice, InvoiceLine, Payment, Receipt, Refund
from billing.pricing import Quote
from billing.querysets import NOT_YET_BOOKED
from billing.services.invoices import invoice_of, key_of_bill, lines_of
from billing.services.numbering import RECEIPTS, financial_year, next_numbers
from billing.services.payments import (
    columns_of_capture,
    columns_of_failure,
    payment_of,
    require_payable,
)
from billing.services.quotes import quote_under, taxes_for
from billing.services.receipts import freeze, numbered
from billing.services.refunds import columns_of_settlement, key_of_refund, refund_of
from billing.statuses import InvoiceStatus, PaymentStatus, RefundStatus
from hms.core.locks import lock_rows
from hms.core.money import to_paisa
from hms.core.references import new_reference
from hms.core.rights import SYSTEM, System, require
from hms.core.states import apply_step
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

ROWS_PER_INSERT = 500
PRINTED = (  # of hundreds of bills at a time, what a receipt says and no more
    *("reference", "status", "patient_id", "taxable_value", "cgst", "sgst", "igst", "total"),
    *("patient__full_name", "patient__mrn", "patient__street", "patient__city", "patient__county"),
    *("patient__state", "patient__country", "patient__postcode"),
    *("appointment__reference", "appointment__starts_at", "appointment__branch__name"),
    *("appointment__doctor__full_name", "appointment__doctor__registration_number"),
    "appointment__doctor__specialization__name",
)


@dataclass(frozen=True, slots=True)
class PastBill:
    """The bill of a visit, void if that was cancelled; opened at the booking, or in the hold before."""

    appointment: Appointment
    reference: str = ""
    opened_at: datetime | None = None

    @property
    def at(self) -> datetime:
        return self.opened_at or self.appointment.booked_at


@dataclass(frozen=True, slots=True)
class PastRefund:
    """What went back of a payment; without an amount all of it."""

    at: datetime
    reason: str
    by: User | System = SYSTEM
    amount: Decimal | None = None
    gateway_reference: str | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PastPayment:
    """One attempt to pay a bill: the money came, unless there is a reason why it did not."""

    bill_id: int
    at: datetime
    method: str
    gateway: str
    by: User | System = SYSTEM
    gateway_reference: str | None = None
    failure_reason: str = ""
    refund: PastRefund | None = None
    reference: str = ""


@retried_atomic
def record_bills(*, bills: Iterable[PastBill], by) -> list[Invoice]:
    """Open the bills of booked visits at the prices of the day; refuses `BillClosed` for mere holds."""
    require(by, "billing.take_payment")
    tariff, invoices, lines = _Tariff(), [], []
    for bill in bills:
        if bill.appointment.status in NOT_YET_BOOKED:
            raise BillClosed
        quote = tariff.quote(bill)
        invoice = _invoice(bill, quote)
        invoices.append(invoice)
        lines += lines_of(invoice, quote)
    Invoice.objects.bulk_create(invoices, batch_size=ROWS_PER_INSERT)
    InvoiceLine.objects.bulk_create(lines, batch_size=ROWS_PER_INSERT)
    return invoices


@retried_atomic
def record_payments(*, payments: Iterable[PastPayment], by) -> list[Payment]:
    """Write attempts to pay, and receipts numbered in the order in which the money came.

    Refuses `AlreadyPaid` where money comes twice, `BillClosed` where a void bill keeps some, and
    `RefundTooLarge`. Later calls continue the numbers, so call with earlier payments first.
    """
    require(by, "billing.take_payment")
    past = sorted(payments, key=lambda payment: payment.at)
    if any(payment.refund for payment in past):
        require(by, "billing.refund_payment")
    invoices = _invoices({row.bill_id for row in past})
    paid = set(_captured(invoices))
    rows = [_payment(one, invoices[one.bill_id]) for one in past]
    refunds = [_refund(row, one.refund) for row, one in zip(rows, past, strict=True) if one.refund]
    for row in rows:
        _check_kept(row, paid)
    Payment.objects.bulk_create(rows, batch_size=ROWS_PER_INSERT)
    captured = [payment for payment in rows if payment.is_captured]
    Receipt.objects.bulk_create(_receipts(captured), batch_size=ROWS_PER_INSERT)
    Refund.objects.bulk_create(refunds, batch_size=ROWS_PER_INSERT)
    return rows


class _Tariff:
    """What held on each day, read once a day."""

    def __init__(self):
        self.profile = cache(BillingProfile.objects.in_force)
        self.taxes = cache(taxes_for)
        self.quotes: dict[tuple, Quote] = {}

    def quote(self, bill: PastBill) -> Quote:
        """The price of the visit on the day on which its bill was opened; refuses like `quote_visit`."""
        day, doctor = timezone.localdate(bill.at), bill.appointment.doctor
        key = (day, doctor.full_name, doctor.fee)
        if key not in self.quotes:
            self.quotes[key] = quote_under(self.profile(day), doctor, day, taxes=self.taxes)
        return self.quotes[key]


def _invoice(bill: PastBill, quote: Quote) -> Invoice:
    visit = bill.appointment
    invoice = invoice_of(
        visit,
        quote,
        key=key_of_bill(visit),
        by_id=visit.booked_by_id,
        at=bill.at,
        reference=bill.reference,
    )
    if visit.status == AppointmentStatus.CANCELLED:
        apply_step(invoice, InvoiceStatus.VOID)
    return invoice


def _invoices(pks: set[int]) -> dict[int, Invoice]:
    """The bills, locked, with all that a receipt prints."""
    lock_rows(Invoice.objects.filter(pk__in=pks).order_by("pk").only("pk"))
    rows = Invoice.objects.filter(pk__in=pks).prefetch_related("lines")
    rows = rows.select_related("patient", "appointment__doctor__specialization", "appointment__branch")
    return {invoice.pk: invoice for invoice in rows.only(*PRINTED)}


def _captured(invoices: dict[int, Invoice]) -> QuerySet:
    """The bills on which money has come that was not all given back."""
    kept = Payment.objects.captured().filter(invoice__in=invoices, refunded_amount__lt=F("amount"))
    return kept.values_list("invoice", flat=True)


def _payment(past: PastPayment, invoice: Invoice) -> Payment:
    reference = past.reference or new_reference()
    payment = payment_of(
        invoice,
        method=past.method,
        gateway=past.gateway,
        by=past.by,
        key=reference,
        at=past.at,
        reference=reference,
    )
    if past.failure_reason:
        apply_step(payment, PaymentStatus.FAILED, **columns_of_failure(past.failure_reason, at=past.at))
    else:
        apply_step(payment, PaymentStatus.CAPTURED, **columns_of_capture(past.gateway_reference, at=past.at))
    return payment


def _refund(payment: Payment, past: PastRefund) -> Refund:
    """The refund, and its amount on the payment; without an amount, of all that came."""
    reference = past.reference or new_reference()
    refund = refund_of(
        payment,
        payment.amount if past.amount is None else to_paisa(past.amount),
        past.reason,
        by=past.by,
        key=key_of_refund(payment, reference),
        at=past.at,
        reference=reference,
    )
    apply_step(refund, RefundStatus.PROCESSED, **columns_of_settlement(past.gateway_reference, at=past.at))
    return refund


def _check_kept(payment: Payment, paid: set[int]) -> None:
    """Refuse money that is kept on a bill that cannot be paid; `paid` are the bills that are so far.

    Money that was refunded in full is not kept: it came for a bill that was paid or void by then, or
    the visit was cancelled afterwards.
    """
    invoice = payment.invoice
    if not payment.is_captured or payment.is_refunded_in_full:
        return
    require_payable(invoice, is_paid=invoice.pk in paid)
    paid.add(invoice.pk)


def _receipts(captured: list[Payment]) -> Iterator[Receipt]:
    """One for each payment; the numbers of a financial year are taken in one go."""
    tariff = _Tariff()
    for year, of_year in groupby(captured, key=lambda payment: financial_year(_day(payment))):
        payments = list(of_year)
        for payment, number in zip(payments, next_numbers(RECEIPTS, year, len(payments)), strict=True):
            at, profile = payment.captured_at, tariff.profile(_day(payment))
            frozen = freeze(payment, lines=payment.invoice.lines.all(), profile=profile, at=at)
            yield numbered(payment, number, frozen, at=at)


def _day(payment: Payment) -> date:
    return timezone.localdate(payment.captured_at)
