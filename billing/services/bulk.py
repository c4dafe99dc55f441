"""Bills and payments of the past, many at once: what an import writes, and the demo.

Prices, numbers and receipts come from where those of one payment come from. Nothing is announced: no
signal is sent, no gateway is asked, nobody is written to.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from billing.exceptions import AlreadyPaid, BillClosed, NoBillingProfile, RefundTooLarge
from billing.models import BillingProfile, Invoice, InvoiceLine, Payment, Receipt, Refund
from billing.pricing import ZERO, Quote, Tax
from billing.services.invoices import invoice_of, key_of_bill, lines_of
from billing.services.numbering import RECEIPTS, financial_year, next_numbers
from billing.services.quotes import charges_under, tax_all, taxes_for
from billing.services.receipts import freeze, numbered
from billing.statuses import InvoiceStatus, PaymentStatus, RefundStatus
from hms.core.references import new_reference
from hms.core.rights import SYSTEM, System, person, require
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment, Doctor
from scheduling.statuses import AppointmentStatus

ROWS_PER_INSERT = 500
PRINTED = (  # of hundreds of bills at a time, what a receipt says and no more
    *("reference", "status", "patient_id", "taxable_value", "cgst", "sgst", "igst", "total"),
    *("patient__full_name", "patient__mrn", "patient__street", "patient__city", "patient__county"),
    *("patient__state", "patient__country", "patient__postcode"),
    *("appointment__reference", "appointment__starts_at", "appointment__branch__name"),
    *("appointment__doctor__full_name", "appointment__doctor__registration_number"),
)
NEVER_BOOKED = (AppointmentStatus.HELD, AppointmentStatus.EXPIRED)


@dataclass(frozen=True, slots=True)
class PastBill:
    """The bill of a visit, opened when the visit was booked; void if that was cancelled."""

    appointment: Appointment
    reference: str = ""


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
        if bill.appointment.status in NEVER_BOOKED:
            raise BillClosed
        quote = tariff.quote(bill.appointment)
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
    invoices = _invoices({row.bill_id for row in past})
    paid = set(_captured(invoices))
    rows = [_payment(row, invoices[row.bill_id], paid) for row in past]
    Payment.objects.bulk_create(rows, batch_size=ROWS_PER_INSERT)
    captured = [payment for payment in rows if payment.is_captured]
    Receipt.objects.bulk_create(_receipts(captured), batch_size=ROWS_PER_INSERT)
    refunds = [_refund(row, one.refund) for row, one in zip(rows, past, strict=True) if one.refund]
    Refund.objects.bulk_create(refunds, batch_size=ROWS_PER_INSERT)
    return rows


class _Tariff:
    """What held on each day, read once a day."""

    def __init__(self):
        self._profiles: dict[date, BillingProfile | None] = {}
        self._taxes: dict[date, dict[str, Tax]] = {}
        self._quotes: dict[tuple, Quote] = {}

    def profile(self, day: date) -> BillingProfile | None:
        if day not in self._profiles:
            self._profiles[day] = BillingProfile.objects.in_force(day)
        return self._profiles[day]

    def quote(self, visit: Appointment) -> Quote:
        """The price of the visit on the day on which it was booked; refuses what `quote_visit` refuses."""
        day, doctor = timezone.localdate(visit.created_at), visit.doctor
        key = (day, doctor.full_name, doctor.fee)
        if key not in self._quotes:
            self._quotes[key] = self._quote(day, doctor)
        return self._quotes[key]

    def _quote(self, day: date, doctor: Doctor) -> Quote:
        profile = self.profile(day)
        if profile is None:
            raise NoBillingProfile
        charges = charges_under(profile, doctor)
        if day not in self._taxes:
            self._taxes[day] = taxes_for(profile, {charge.kind for charge in charges}, day)
        return tax_all(charges, self._taxes[day])


def _invoice(bill: PastBill, quote: Quote) -> Invoice:
    visit = bill.appointment
    invoice = invoice_of(visit, quote, key=key_of_bill(visit), by=SYSTEM)
    invoice.reference = bill.reference or invoice.reference
    invoice.by_id, invoice.created_at = visit.booked_by_id, visit.created_at
    if visit.status == AppointmentStatus.CANCELLED:
        invoice.status = InvoiceStatus.VOID
    return invoice


def _invoices(pks: set[int]) -> dict[int, Invoice]:
    """The bills, locked, with all that a receipt prints."""
    list(Invoice.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
    rows = Invoice.objects.filter(pk__in=pks).prefetch_related("lines")
    rows = rows.select_related("patient", "appointment__doctor", "appointment__branch")
    return {invoice.pk: invoice for invoice in rows.only(*PRINTED)}


def _captured(invoices: dict[int, Invoice]) -> QuerySet:
    """The bills on which money has come that was not all given back."""
    kept = Payment.objects.captured().filter(invoice__in=invoices, refunded_amount__lt=F("amount"))
    return kept.values_list("invoice", flat=True)


def _payment(past: PastPayment, invoice: Invoice, paid: set[int]) -> Payment:
    """The attempt; `paid` are the bills that are paid so far, and this one too if it keeps money."""
    is_captured = not past.failure_reason
    back = _amount_back(past, invoice)
    if is_captured and invoice.pk in paid:
        raise AlreadyPaid
    if is_captured and back < invoice.total:
        if invoice.status == InvoiceStatus.VOID:
            raise BillClosed
        paid.add(invoice.pk)
    reference = past.reference or new_reference()
    return Payment(
        reference=reference,
        invoice=invoice,
        amount=invoice.total,
        refunded_amount=back,
        method=past.method,
        gateway=past.gateway,
        status=PaymentStatus.CAPTURED if is_captured else PaymentStatus.FAILED,
        gateway_reference=past.gateway_reference,
        failure_reason=past.failure_reason,
        idempotency_key=f"{invoice.reference}/{reference}",
        by=person(past.by),
        created_at=past.at,
        captured_at=past.at if is_captured else None,
        closed_at=past.at,
    )


def _amount_back(past: PastPayment, invoice: Invoice) -> Decimal:
    if past.refund is None:
        return ZERO
    back = invoice.total if past.refund.amount is None else past.refund.amount
    left = ZERO if past.failure_reason else invoice.total
    if not 0 < back <= left:
        raise RefundTooLarge(left=left)
    return back


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


def _refund(payment: Payment, past: PastRefund) -> Refund:
    reference = past.reference or new_reference()
    return Refund(
        reference=reference,
        payment=payment,
        amount=payment.refunded_amount,
        reason=past.reason,
        status=RefundStatus.PROCESSED,
        gateway_reference=past.gateway_reference,
        idempotency_key=f"{payment.reference}/{reference}",
        by=person(past.by),
        created_at=past.at,
        closed_at=past.at,
    )
