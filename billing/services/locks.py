"""Row locks in one order, against deadlocks: visit, bill, payment. Cancelling a visit locks it first too."""

from billing.models import Invoice, Payment, Refund
from scheduling.models import Appointment
from scheduling.services.steps import LOCKED


def lock_visit(pk: int) -> Appointment:
    return LOCKED.objects(pk=pk)[0]


def lock_invoice(pk: int) -> Invoice:
    visit_id = Invoice.objects.values_list("appointment_id", flat=True).get(pk=pk)
    return _lock_bill(pk, visit_id)


def lock_payment(pk: int) -> Payment:
    path = ("invoice_id", "invoice__appointment_id")
    invoice = _lock_bill(*Payment.objects.values_list(*path).get(pk=pk))
    payment = Payment.objects.select_for_update().get(pk=pk)
    payment.invoice = invoice
    return payment


def lock_refund(pk: int) -> Refund:
    payment = lock_payment(Refund.objects.values_list("payment_id", flat=True).get(pk=pk))
    refund = Refund.objects.select_for_update().get(pk=pk)
    refund.payment = payment
    return refund


def _lock_bill(pk: int, visit_id: int | None) -> Invoice:
    visit = lock_visit(visit_id) if visit_id else None
    invoice = Invoice.objects.select_for_update().get(pk=pk)
    invoice.appointment = visit
    return invoice
