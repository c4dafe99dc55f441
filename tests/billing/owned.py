from decimal import Decimal

from billing.models import GatewayEvent, Invoice, InvoiceLine, Payment, Receipt, Refund
from billing.services import refund_payment
from billing.statuses import GatewayCode
from tests.billing.rows import Scene, booked, cashier, held, paid, started
from tests.owned import Household, row_of


@row_of(Invoice)
def an_open_bill(household: Household) -> Invoice:
    scene = booked(household.next_time(), household.doctor)
    household.adopt(scene.patient)
    return scene.invoice


@row_of(InvoiceLine)
def a_line(household: Household) -> InvoiceLine:
    return an_open_bill(household).lines.first()


@row_of(Payment)
def an_open_payment(household: Household) -> Payment:
    scene = _held(household)
    return started(scene, f"started-{scene.visit.reference}")


@row_of(Payment)
def a_payment_that_came(household: Household) -> Payment:
    scene = _held(household)
    return paid(scene, f"paid-{scene.visit.reference}")


@row_of(Receipt)
def a_receipt(household: Household) -> Receipt:
    return a_payment_that_came(household).receipt


@row_of(Refund)
def a_refund(household: Household) -> Refund:
    payment = a_payment_that_came(household)
    key = f"refund-{payment.reference}"
    amount = Decimal("10.00")
    return refund_payment(payment=payment, amount=amount, reason="Asked", by=cashier(), idempotency_key=key)


@row_of(GatewayEvent)
def a_message_of_the_bank(household: Household) -> GatewayEvent:
    payment = a_payment_that_came(household)
    return GatewayEvent.objects.create(
        gateway=GatewayCode.SIMULATED,
        event_id=f"event of {payment.reference}",
        kind="payment.captured",
        payment=payment,
        outcome="captured",
        payload={},
    )


def _held(household: Household) -> Scene:
    scene = held(household.next_time(), household.doctor)
    household.adopt(scene.patient)
    return scene
