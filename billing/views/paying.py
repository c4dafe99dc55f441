"""What the pages that ask for money have in common."""

from billing.forms import AT_DESK
from billing.gateways import online_gateway
from billing.models import Invoice
from billing.pricing import Quote
from billing.services import await_payment, start_payment
from billing.services.rights import may_pay_for
from billing.statuses import ONLINE_METHODS


def ways_to_pay(user, patient_id: int, quote: Quote, *, desk: bool) -> list[str]:
    """The ways that are open to this person for this patient; only the desk where nothing is to pay."""
    online = quote.total > 0 and online_gateway() and may_pay_for(user, patient_id)
    return [*(ONLINE_METHODS if online else ()), *([AT_DESK] if desk else [])]


def begin_payment(invoice: Invoice, method: str, key: str, user) -> str:
    """Start an attempt and return where the payer is sent; the gateway is called outside transactions."""
    gateway = online_gateway()
    payment = start_payment(
        invoice=invoice, method=method, gateway=gateway.code, by=user, idempotency_key=key
    )
    if not payment.is_open:
        return payment.get_absolute_url()
    address = gateway.checkout_url(payment)
    await_payment(payment=payment)
    return address
