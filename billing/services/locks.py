"""Row locks in one order, against deadlocks: visit, bill, payment. Cancelling a visit locks it first too."""

from billing.models import Invoice, Payment, Refund
from hms.core.locks import lock_row
from scheduling.services.steps import lock_by_key


def lock_invoice(pk: int) -> Invoice:
    visit_id = Invoice.objects.values_list("appointment_id", flat=True).get(pk=pk)
    return _lock_bill(pk, visit_id)


def lock_payment(pk: int) -> Payment:
    path = ("invoice_id", "invoice__appointment_id")
    invoice = _lock_bill(*Payment.objects.values_list(*path).get(pk=pk))
    payment = lock_row(Payment.objects.all(), pk=pk)
    payment.invoice = invoice
    return payment


def lock_refund(pk: int) -> Refund:
    payment = lock_payment(Refund.objects.values_list("payment_id", flat=True).get(pk=pk))
    refund = lock_row(Refund.objects.all(), pk=pk)
    refund.payment = payment
    return refund


def _lock_bill(pk: int, visit_id: int | None) -> Invoice:
    visit = lock_by_key(visit_id) if visit_id else None
    invoice = lock_row(Invoice.objects.all(), pk=pk)
    invoice.appointment = visit
    return invoice
