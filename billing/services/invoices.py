"""The bill of a visit: opened once with the price of the moment, void when the visit is cancelled."""

from django.utils import timezone

from billing.exceptions import BillClosed
from billing.models import Invoice, InvoiceLine
from billing.pricing import Quote
from billing.services.locks import lock_invoice, lock_visit
from billing.services.quotes import quote_visit
from billing.statuses import INVOICE_STEPS, InvoiceStatus
from hms.core.states import require_step
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus


@retried_atomic
def open_invoice(*, appointment: Appointment, by) -> Invoice:
    """Open the visit's bill and freeze its lines; a second call gives the first one's bill.

    Refuses for a cancelled visit.
    """
    appointment = lock_visit(appointment.pk)
    bills = list(Invoice.objects.filter(appointment=appointment))
    standing = next((bill for bill in bills if bill.status != InvoiceStatus.VOID), None)
    if standing:
        return standing
    if appointment.status == AppointmentStatus.CANCELLED:
        raise BillClosed
    key = f"visit/{appointment.reference}/{len(bills) + 1}"
    return write_invoice(appointment, quote_visit(appointment.doctor), key=key, by=by)


@retried_atomic
def void_invoice(*, invoice: Invoice, by) -> Invoice:  # noqa: ARG001 - the log takes the actor from the context
    """Withdraw an open bill; a second call changes nothing. Refuses one on which money is kept."""
    invoice = lock_invoice(invoice.pk)
    if invoice.status == InvoiceStatus.VOID:
        return invoice
    require_step(INVOICE_STEPS, invoice.status, InvoiceStatus.VOID)
    if invoice.is_paid:
        raise BillClosed
    invoice.status = InvoiceStatus.VOID
    invoice.save(update_fields=["status"])
    return invoice


def write_invoice(appointment: Appointment, quote: Quote, *, key: str, by) -> Invoice:
    invoice = Invoice.objects.create(
        appointment=appointment,
        patient_id=appointment.patient_id,
        idempotency_key=key,
        taxable_value=quote.taxable_value,
        cgst=quote.cgst,
        sgst=quote.sgst,
        igst=quote.igst,
        total=quote.total,
        by=by,
        created_at=timezone.now(),
    )
    InvoiceLine.objects.bulk_create(lines_of(invoice, quote))
    return invoice


def lines_of(invoice: Invoice, quote: Quote) -> list[InvoiceLine]:
    names = (
        *("kind", "description", "quantity", "unit_price", "discount", "taxable_value"),
        *("treatment", "rate", "sac", "tax_class_id", "cgst", "sgst", "igst", "total"),
    )
    return [
        InvoiceLine(invoice=invoice, position=position, **{name: getattr(line, name) for name in names})
        for position, line in enumerate(quote.lines, start=1)
    ]
