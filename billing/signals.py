"""Signals about payments and refunds, sent inside the transaction with `payment` or `refund`, and `by`."""

from django.dispatch import Signal

payment_captured = Signal()
payment_failed = Signal()
payment_abandoned = Signal()
refund_decided = Signal()
refund_settled = Signal()
