"""The bill of a visit: opened once at the current price, void when the visit is cancelled."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from billing.exceptions import BillClosed
from billing.models import Invoice, InvoiceLine
from billing.pricing import Quote, QuoteLine
from billing.services.locks import lock_invoice
from billing.services.quotes import quote_visit, require_price_shown
from billing.services.rights import require_payer
from billing.statuses import InvoiceStatus
from hms.core.references import new_reference
from hms.core.rights import acting, require
from hms.core.states import move
from hms.core.transactions import retried_atomic
from scheduling.availability import DoctorTerms, doctor_terms
from scheduling.models import Appointment
from scheduling.services.steps import lock
from scheduling.statuses import AppointmentStatus


@retried_atomic
def open_invoice(*, appointment: Appointment, total: Decimal | None = None, by) -> Invoice:
    """Open the visit's bill and fix its lines; a second call returns the same bill.

    Refuses callers who may not pay for the patient, a cancelled visit, and with `PriceChanged` a bill
    that differs from `total`.
    """
    require_payer(by, appointment.patient_id)
    invoice = open_bill(appointment, by=by)
    require_price_shown(total, invoice.total)
    return invoice


def open_bill(appointment: Appointment, *, by) -> Invoice:
    """Open the visit's bill as part of a booking, whose service has checked the rights."""
    appointment = lock(appointment)
    bills = list(Invoice.objects.filter(appointment=appointment))
    if standing := _standing(bills):
        return standing
    if appointment.status == AppointmentStatus.CANCELLED:
        raise BillClosed
    # The fee may have changed since the appointment's doctor was loaded.
    quote = quote_visit(doctor_terms(pk=appointment.doctor_id))
    return _write_invoice(appointment, quote, number=len(bills) + 1, by=by)


def open_first_invoice(
    appointment: Appointment, doctor: DoctorTerms, *, total: Decimal | None = None, by
) -> Invoice:
    """Open the bill of a visit booked in the same transaction, which cannot have one yet.

    Refuses with `PriceChanged` if it differs from `total`.
    """
    quote = quote_visit(doctor)
    require_price_shown(total, quote.total)
    return _write_invoice(appointment, quote, number=1, by=by)


def key_of_bill(appointment: Appointment, number: int = 1) -> str:
    """The idempotency key of the visit's bill; numbers after 1 replace withdrawn bills."""
    return f"visit/{appointment.reference}/{number}"


@retried_atomic
def void_invoice(*, invoice: Invoice, by) -> Invoice:
    """Withdraw an open bill; a second call changes nothing. Refuses one on which money is kept."""
    require(by, "billing.refund_payment")
    return withdraw_bill(invoice)


def withdraw_bill(invoice: Invoice) -> Invoice:
    """Withdraw the bill as part of a change to the visit, inside the caller's transaction."""
    invoice = lock_invoice(invoice.pk)
    if invoice.status == InvoiceStatus.VOID:
        return invoice
    if invoice.is_paid:
        raise BillClosed
    move(invoice, InvoiceStatus.VOID)
    return invoice


def price_of(appointment: Appointment) -> Quote:
    """The price of the visit: that of its bill, or without one the current price. Writes nothing."""
    invoice = _standing(Invoice.objects.filter(appointment=appointment))
    return quoted(invoice) if invoice else quote_visit(appointment.doctor)


def total_of(appointment: Appointment) -> Decimal | None:
    """The total of the visit's bill that is not withdrawn; there is at most one."""
    bills = Invoice.objects.filter(appointment=appointment).exclude(status=InvoiceStatus.VOID)
    return bills.values_list("total", flat=True).first()


def _standing(bills: Iterable[Invoice]) -> Invoice | None:
    return next((bill for bill in bills if bill.status != InvoiceStatus.VOID), None)


def quoted(invoice: Invoice) -> Quote:
    names = [field.name for field in fields(QuoteLine)]
    rows = InvoiceLine.objects.filter(invoice=invoice).order_by("position").values(*names)
    return Quote(tuple(QuoteLine(**row) for row in rows))


def _write_invoice(appointment: Appointment, quote: Quote, *, number: int, by) -> Invoice:
    key, by_id = key_of_bill(appointment, number), acting(by).pk
    invoice = invoice_of(appointment, quote, key=key, by_id=by_id, at=timezone.now())
    invoice.save(force_insert=True)
    InvoiceLine.objects.bulk_create(lines_of(invoice, quote))
    return invoice


def invoice_of(
    appointment: Appointment,
    quote: Quote,
    *,
    key: str,
    by_id: int | None,
    at: datetime,
    reference: str = "",
) -> Invoice:
    """An unsaved bill; `by_id` is None for the system."""
    return Invoice(
        reference=reference or new_reference(),
        appointment=appointment,
        patient_id=appointment.patient_id,
        idempotency_key=key,
        taxable_value=quote.taxable_value,
        cgst=quote.cgst,
        sgst=quote.sgst,
        igst=quote.igst,
        total=quote.total,
        by_id=by_id,
        created_at=at,
    )


def lines_of(invoice: Invoice, quote: Quote) -> list[InvoiceLine]:
    return [
        InvoiceLine(invoice=invoice, position=position, total=line.total, **vars(line))
        for position, line in enumerate(quote.lines, start=1)
    ]
