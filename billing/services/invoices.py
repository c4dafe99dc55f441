"""The bill of a visit: opened once with the price of the moment, void when the visit is cancelled."""

from dataclasses import fields
from datetime import datetime
from decimal import Decimal

from django.db.models import IntegerField
from django.utils import timezone

from billing.exceptions import BillClosed
from billing.models import Invoice, InvoiceLine
from billing.pricing import Quote, QuoteLine
from billing.services.locks import lock_invoice, lock_visit
from billing.services.quotes import quote_visit, require_price_shown
from billing.services.rights import require_payer
from billing.statuses import InvoiceStatus
from hms.core.prepared import PreparedQuery
from hms.core.references import new_reference
from hms.core.rights import acting, require
from hms.core.states import move
from hms.core.transactions import retried_atomic
from scheduling.availability import DoctorTerms, doctor_terms
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

TOTALS = PreparedQuery(
    lambda parameter: (
        Invoice.objects.filter(appointment__id=parameter("appointment", IntegerField()))
        .exclude(status=InvoiceStatus.VOID)
        .order_by()
        .values_list("total")
    )
)
BILLS = PreparedQuery(
    lambda parameter: Invoice.objects.filter(appointment__id=parameter("appointment", IntegerField()))
)


@retried_atomic
def open_invoice(*, appointment: Appointment, total: Decimal | None = None, by) -> Invoice:
    """Open the visit's bill and freeze its lines; a second call gives the first one's bill.

    Refuses who may not pay for the patient, a cancelled visit, and with `PriceChanged` where the bill
    is not over `total`.
    """
    require_payer(by, appointment.patient_id)
    invoice = open_bill(appointment, by=by)
    require_price_shown(total, invoice.total)
    return invoice


def open_bill(appointment: Appointment, *, by) -> Invoice:
    """The same as a consequence of a booking, which has asked whether it may be."""
    appointment = lock_visit(appointment.pk)
    bills = BILLS.objects(appointment=appointment.pk)
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
    """The bill of a visit that was booked in this very transaction, so that there can be none.

    Refuses with `PriceChanged` where it is not over `total`.
    """
    quote = quote_visit(doctor)
    require_price_shown(total, quote.total)
    return _write_invoice(appointment, quote, number=1, by=by)


def key_of_bill(appointment: Appointment, number: int = 1) -> str:
    """The visit's first bill, and the next when that was withdrawn: each is written once."""
    return f"visit/{appointment.reference}/{number}"


@retried_atomic
def void_invoice(*, invoice: Invoice, by) -> Invoice:
    """Withdraw an open bill; a second call changes nothing. Refuses one on which money is kept."""
    require(by, "billing.refund_payment")
    return withdraw_bill(invoice)


def withdraw_bill(invoice: Invoice) -> Invoice:
    """The same as a consequence of a change to the visit, inside the caller's transaction."""
    invoice = lock_invoice(invoice.pk)
    if invoice.status == InvoiceStatus.VOID:
        return invoice
    if invoice.is_paid:
        raise BillClosed
    move(invoice, InvoiceStatus.VOID)
    return invoice


def price_of(appointment: Appointment) -> Quote:
    """What the visit costs: as its bill says where it has one, else as of now. Writes nothing."""
    invoice = _standing(BILLS.objects(appointment=appointment.pk))
    return quoted(invoice) if invoice else quote_visit(appointment.doctor)


def total_of(appointment: Appointment) -> Decimal | None:
    """What the visit's bill is over that is not withdrawn; there is one at most."""
    rows = TOTALS.rows(appointment=appointment.pk)
    return rows[0][0] if rows else None


def _standing(bills: list[Invoice]) -> Invoice | None:
    return next((bill for bill in bills if bill.status != InvoiceStatus.VOID), None)


def quoted(invoice: Invoice) -> Quote:
    """The bill's lines as they were priced."""
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
    """The bill, not saved yet; `by_id` is None for the system."""
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
