"""Every write to bills, payments and refunds. Keyword-only; `by` is the person acting, or SYSTEM."""

from billing.services.desk import agree_to_pay_at_desk, book_to_pay_at_desk, take_desk_payment
from billing.services.gateway_messages import mark_seen, receive_message
from billing.services.invoices import open_invoice, void_invoice
from billing.services.large_refunds import ask_refund
from billing.services.moves import MovePrice, price_move
from billing.services.online import go_to_gateway, pay_visit_online
from billing.services.payments import (
    abandon_payments,
    await_payment,
    fail_payment,
    settle_payment,
    start_payment,
    void_payment,
)
from billing.services.quotes import quote_visit, quote_visits
from billing.services.refunds import (
    fail_refund,
    needs_two,
    pay_out_refund,
    refund_payment,
    send_pending_refunds,
    settle_refund,
)

__all__ = [
    "MovePrice",
    "abandon_payments",
    "agree_to_pay_at_desk",
    "ask_refund",
    "await_payment",
    "book_to_pay_at_desk",
    "fail_payment",
    "fail_refund",
    "go_to_gateway",
    "mark_seen",
    "needs_two",
    "open_invoice",
    "pay_out_refund",
    "pay_visit_online",
    "price_move",
    "quote_visit",
    "quote_visits",
    "receive_message",
    "refund_payment",
    "send_pending_refunds",
    "settle_payment",
    "settle_refund",
    "start_payment",
    "take_desk_payment",
    "void_invoice",
    "void_payment",
]
