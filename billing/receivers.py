"""Changes to a bill that follow changes to its visit."""

from django.dispatch import receiver
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.services.invoices import open_bill, open_first_invoice, withdraw_bill
from billing.services.moves import price_move
from billing.services.refunds import decide_refund
from billing.statuses import InvoiceStatus
from scheduling.availability import doctor_terms
from scheduling.services.permissions import manages
from scheduling.signals import appointment_booked, appointment_cancelled, appointment_rescheduled


@receiver(appointment_booked)
def open_the_bill(appointment, by, is_new, **facts):
    """Open the bill at the price of the moment of booking, whichever way the visit is booked."""
    if is_new:
        open_first_invoice(appointment, facts["doctor"], total=facts["shown_price"], by=by)
    else:
        open_bill(appointment, by=by)


@receiver(appointment_rescheduled)
def price_another_doctor(appointment, was_doctor_id, by, **_kwargs):
    """Price an unpaid or free visit again when it moves to another doctor; a paid one keeps its price.

    Refuses patients whose paid visit costs less than one to the other doctor.
    """
    if appointment.doctor_id == was_doctor_id:
        return
    for invoice in _open_bills(appointment):
        if not invoice.is_paid:
            withdraw_bill(invoice)
            open_bill(appointment, by=by)
            continue
        move = price_move(invoice, doctor_terms(pk=appointment.doctor_id))
        if move.refusal and not manages(by, appointment.doctor_id, appointment.starts_at):
            raise move.refusal


@receiver(appointment_cancelled)
def refund_the_visit(appointment, by, **_kwargs):
    """Refund a cancelled visit in full and withdraw its bill.

    Every cancellation that gets here is refundable: patients cannot cancel after the notice period, and
    the hospital refunds the visits that it cancels itself.
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
