"""Online payments from start to outcome, whatever the order of the gateway's messages."""

import logging
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.exceptions import (
    AlreadyPaid,
    BillClosed,
    HoldExpired,
    MethodNotOffered,
    NothingToPay,
    RefundInstead,
)
from billing.models import Invoice, Payment
from billing.querysets import NOT_YET_BOOKED
from billing.services.locks import lock_invoice, lock_payment
from billing.services.receipts import issue_receipt
from billing.services.refunds import decide_refund
from billing.services.rights import require_payer
from billing.signals import payment_abandoned, payment_captured, payment_failed
from billing.statuses import ONLINE_METHODS, InvoiceStatus, PaymentStatus
from hms.core.money import money
from hms.core.references import new_reference
from hms.core.refusals import KeyReused
from hms.core.rights import SYSTEM, person, require
from hms.core.states import move
from hms.core.transactions import retried_atomic
from scheduling.exceptions import SlotTaken
from scheduling.models import Appointment
from scheduling.services import confirm_paid_booking
from scheduling.statuses import AppointmentStatus

logger = logging.getLogger(__name__)


@retried_atomic
def start_payment(*, invoice: Invoice, method: str, gateway: str, by, idempotency_key: str) -> Payment:
    """Start an online payment of the whole bill; the same key returns the first payment.

    Refuses callers who may not pay for the patient, bills that are void, paid, zero or not due any more,
    and visits whose hold has expired.
    """
    invoice = lock_invoice(invoice.pk)
    require_payer(by, invoice.patient_id)
    if method not in ONLINE_METHODS:
        raise MethodNotOffered
    first = find_payment(invoice, idempotency_key, method)
    if first:
        return first
    require_payable(invoice, is_paid=invoice.is_paid)
    _require_time(invoice.appointment)
    if not invoice.is_due:
        raise BillClosed
    return write_payment(invoice, method=method, gateway=gateway, by=by, key=idempotency_key)


@retried_atomic
def await_payment(*, payment: Payment) -> Payment:
    """Mark the payment as waiting for the gateway; changes nothing after the gateway's answer."""
    payment = lock_payment(payment.pk)
    if payment.status == PaymentStatus.CREATED:
        move(payment, PaymentStatus.PENDING)
    return payment


@retried_atomic
def settle_payment(*, payment: Payment, gateway_reference: str, came: Decimal | None = None, by) -> Payment:
    """Capture the payment, issue its receipt and book the visit; a second call changes nothing.

    Refunds the payment in full if another amount came than was asked for, which is then the payment's, if
    the bill is already paid, or the time is no longer available. Refuses callers without the right to take
    payments.
    """
    require(by, "billing.take_payment")
    payment = lock_payment(payment.pk)
    if payment.is_captured:
        return payment
    why_not = _take_what_came(payment, came) or _why_not_wanted(payment.invoice)
    capture(payment, gateway_reference=gateway_reference)
    why_not = why_not or _keep_visit(payment)
    issue_receipt(payment=payment)
    payment_captured.send(Payment, payment=payment, by=by)
    if why_not:
        key = f"settle/{payment.reference}"
        decide_refund(payment, payment.refundable_amount, why_not, by=SYSTEM, key=key)
    return payment


@retried_atomic
def fail_payment(*, payment: Payment, reason: str = "", by) -> Payment:
    """Mark the payment as declined; changes nothing if it is captured or already declined."""
    require(by, "billing.take_payment")
    payment = lock_payment(payment.pk)
    if payment.status in (PaymentStatus.CAPTURED, PaymentStatus.FAILED):
        return payment
    move(payment, PaymentStatus.FAILED, **columns_of_failure(reason, at=timezone.now()))
    payment_failed.send(Payment, payment=payment, by=by)
    return payment


def abandon_payments(*, before: datetime) -> int:
    """Give up unfinished payments started before a moment; returns how many."""
    left = Payment.objects.open().filter(created_at__lt=before).order_by("pk")
    return sum(_abandon(pk) for pk in left.values_list("pk", flat=True))


@retried_atomic
def void_payment(*, payment: Payment, by) -> Payment:
    """Give up a payment whose money has not come; a second call changes nothing.

    Refuses callers without the right to void, and with `RefundInstead` one whose money has come. Money
    that comes all the same is treated like that of every payment that was given up.
    """
    require(by, "billing.void_payment")
    payment = lock_payment(payment.pk)
    if payment.is_captured:
        raise RefundInstead
    _give_up(payment, by=by)
    return payment


@retried_atomic
def _abandon(pk: int) -> bool:
    return _give_up(lock_payment(pk), by=SYSTEM)


def _give_up(payment: Payment, *, by) -> bool:
    if not payment.is_open:
        return False
    move(payment, PaymentStatus.ABANDONED, closed_at=timezone.now())
    payment_abandoned.send(Payment, payment=payment, by=by)
    return True


def find_payment(invoice: Invoice, key: str, method: str) -> Payment | None:
    """The payment that this key created for this bill; refuses a key used with another method."""
    first = invoice.payments.filter(idempotency_key=_scoped(invoice, key)).first()
    if first and first.method != method:
        raise KeyReused
    return first


def require_payable(invoice: Invoice, *, is_paid: bool) -> None:
    """Refuse a bill that is paid (as the caller knows), void, or of nothing."""
    if is_paid:
        raise AlreadyPaid
    if invoice.status == InvoiceStatus.VOID:
        raise BillClosed
    if invoice.total <= 0:
        raise NothingToPay


def write_payment(invoice: Invoice, *, method: str, gateway: str, by, key: str) -> Payment:
    payment = payment_of(invoice, method=method, gateway=gateway, by=by, key=key, at=timezone.now())
    payment.save(force_insert=True)
    return payment


def payment_of(
    invoice: Invoice, *, method: str, gateway: str, by, key: str, at: datetime, reference: str = ""
) -> Payment:
    """An attempt to pay the whole bill, not saved yet."""
    return Payment(
        reference=reference or new_reference(),
        invoice=invoice,
        amount=invoice.total,
        refunded_amount=Decimal("0.00"),
        method=method,
        gateway=gateway,
        idempotency_key=_scoped(invoice, key),
        by=person(by),
        created_at=at,
    )


def capture(payment: Payment, *, gateway_reference: str | None) -> None:
    columns = columns_of_capture(gateway_reference, at=timezone.now())
    move(payment, PaymentStatus.CAPTURED, amount=payment.amount, **columns)


def columns_of_capture(gateway_reference: str | None, *, at: datetime) -> dict[str, Any]:
    """What is written on a payment when its money comes."""
    return {
        "gateway_reference": gateway_reference,
        "failure_reason": "",
        "captured_at": at,
        "closed_at": at,
    }


def columns_of_failure(reason: str, *, at: datetime) -> dict[str, Any]:
    """What is written on a payment when the gateway declines it."""
    return {"failure_reason": reason, "closed_at": at}


def _require_time(visit: Appointment | None) -> None:
    if visit is None:
        return
    if visit.status == AppointmentStatus.CANCELLED:
        raise BillClosed
    if visit.was_not_booked_in_time:
        raise HoldExpired


def _take_what_came(payment: Payment, came: Decimal | None) -> str:
    """Make the amount that came the payment's; returns the reason for a refund if it was not asked for."""
    asked = payment.amount
    if came in (None, asked):
        return ""
    payment.amount = came
    return _("%(came)s arrived instead of %(asked)s.") % {"came": money(came), "asked": money(asked)}


def _why_not_wanted(invoice: Invoice) -> str:
    if invoice.is_paid:
        return _("The bill had already been paid.")
    visit = invoice.appointment
    if visit and visit.status == AppointmentStatus.CANCELLED:
        return _("The appointment had been cancelled.")
    if invoice.status == InvoiceStatus.VOID:
        return _("The bill had been withdrawn.")
    return ""


def _keep_visit(payment: Payment) -> str:
    """Book the visit if it is only held; returns the reason for a refund, or an empty text."""
    visit = payment.invoice.appointment
    if visit is None or visit.status not in NOT_YET_BOOKED:
        return ""
    try:
        payment.invoice.appointment = confirm_paid_booking(appointment=visit, by=payment.by or SYSTEM)
    except ValidationError as refusal:
        logger.info("payment %s came too late: %s", payment.reference, refusal.code)
        if isinstance(refusal, SlotTaken):
            return _("The time was no longer free when the payment arrived.")
        return " ".join(refusal.messages)
    return ""


def _scoped(invoice: Invoice, key: str) -> str:
    """The key together with its bill, so that no key finds the payment of another bill."""
    return f"{invoice.reference}/{key}"
