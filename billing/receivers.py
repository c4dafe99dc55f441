"""What happens to the bill when something happens to the visit."""

from django.dispatch import receiver
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.services.invoices import open_bill, open_first_invoice, withdraw_bill
from billing.services.refunds import decide_refund
from billing.statuses import InvoiceStatus
from scheduling.signals import appointment_booked, appointment_cancelled, appointment_rescheduled


@receiver(appointment_booked)
def open_the_bill(appointment, by, is_new, **facts):
    """By whichever door a visit is booked, the price of that moment is what it costs."""
    if is_new:
        open_first_invoice(appointment, facts["doctor"], total=facts["shown_price"], by=by)
    else:
        open_bill(appointment, by=by)


@receiver(appointment_rescheduled)
def price_another_doctor(appointment, was_doctor_id, by, **_kwargs):
    """Moved to another doctor, an unpaid visit is priced again; a paid one keeps its price."""
    if appointment.doctor_id == was_doctor_id:
        return
    for invoice in _open_bills(appointment):
        if invoice.is_due:
            withdraw_bill(invoice)
            open_bill(appointment, by=by)


@receiver(appointment_cancelled)
def refund_the_visit(appointment, by, **_kwargs):
    """A cancelled visit is refunded in full, and its bill withdrawn.

    Patients can cancel within the notice only, so whoever gets here cancelled in time or was
    cancelled by the hospital.
    """
    for invoice in _open_bills(appointment):
        for payment in invoice.captured_payments:
            if payment.refundable_amount:
                reason = _("The appointment was cancelled.")
                key = f"cancelled/{payment.reference}"
                decide_refund(payment, payment.refundable_amount, reason, by=by, key=key)
        withdraw_bill(invoice)


def _open_bills(appointment) -> list[Invoice]:
    return list(Invoice.objects.filter(appointment=appointment, status=InvoiceStatus.DRAFT))
