"""Shared by the pages on which patients pay."""

from billing.forms import AT_DESK
from billing.gateways import online_gateway
from billing.models import Invoice
from billing.pricing import Quote
from billing.services import go_to_gateway, start_payment
from billing.services.rights import may_pay_for
from billing.statuses import ONLINE_METHODS


def ways_to_pay(user, patient_id: int, quote: Quote, *, desk: bool) -> list[str]:
    """The ways in which the person may pay for the patient; only the front desk if nothing is due."""
    online = quote.total > 0 and online_gateway() and may_pay_for(user, patient_id)
    return [*(ONLINE_METHODS if online else ()), *([AT_DESK] if desk else [])]


def begin_payment(invoice: Invoice, method: str, key: str, user) -> str:
    """Start a payment and return the address of its page; the gateway is called outside transactions."""
    gateway = online_gateway()
    payment = start_payment(
        invoice=invoice, method=method, gateway=gateway.code, by=user, idempotency_key=key
    )
    return go_to_gateway(payment=payment) if payment.is_open else payment.get_absolute_url()
