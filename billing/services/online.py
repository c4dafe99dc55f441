"""Online payment of a visit: its bill, the attempt to pay it, and the page of the gateway."""

from decimal import Decimal

from billing.exceptions import MethodNotOffered
from billing.gateways import gateway_of, online_gateway
from billing.models import Payment
from billing.services.invoices import open_invoice
from billing.services.locks import lock_invoice
from billing.services.payments import await_payment, start_payment
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment


@retried_atomic
def pay_visit_online(
    *, appointment: Appointment, method: str, total: Decimal | None = None, by, idempotency_key: str
) -> Payment:
    """Start an online payment of the visit's bill, which this opens; one that is open goes on.

    Refuses like `open_invoice` and `start_payment`, and where patients pay at the front desk only.
    """
    gateway = online_gateway()
    if gateway is None:
        raise MethodNotOffered
    invoice = lock_invoice(open_invoice(appointment=appointment, total=total, by=by).pk)
    waiting = invoice.payments.open().filter(method=method, gateway=gateway.code).first()
    if waiting and invoice.is_due:
        return waiting
    return start_payment(
        invoice=invoice, method=method, gateway=gateway.code, by=by, idempotency_key=idempotency_key
    )


def go_to_gateway(*, payment: Payment) -> str:
    """The address of the gateway's page for an open payment; call it outside transactions."""
    address = gateway_of(payment.gateway).checkout_url(payment)
    await_payment(payment=payment)
    return address
