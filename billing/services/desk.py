"""Payment at the front desk: patients choose it when booking, staff take the money."""

from datetime import datetime
from decimal import Decimal

from accounts.models import Patient
from billing.models import Payment
from billing.services.invoices import open_bill, total_of
from billing.services.locks import lock_invoice
from billing.services.payments import capture, find_payment, require_payable, write_payment
from billing.services.quotes import require_price_shown
from billing.services.receipts import issue_receipt
from billing.signals import payment_captured
from billing.statuses import GatewayCode
from hms.core.rights import require
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment, Doctor
from scheduling.services import book_appointment, confirm_booking, confirm_paid_booking
from scheduling.statuses import AppointmentStatus


def book_to_pay_at_desk(
    *,
    patient: Patient,
    doctor: Doctor,
    starts_at: datetime,
    symptoms: str = "",
    visit_kind: str = "",
    total: Decimal,
    idempotency_key: str | None = None,
    by,
) -> Appointment:
    """Book a free time, to be paid at the front desk; the hold of the same form, if any, is booked.

    Refuses like `book_appointment`, and with `PriceChanged` if `total`, the price shown, is no longer
    current. A second call with the same key returns the first booking at its price.
    """
    appointment = book_appointment(
        patient=patient,
        doctor=doctor,
        starts_at=starts_at,
        symptoms=symptoms,
        visit_kind=visit_kind,
        shown_price=total,
        idempotency_key=idempotency_key,
        by=by,
    )
    if appointment.status == AppointmentStatus.BOOKED:
        return appointment
    return agree_to_pay_at_desk(appointment=appointment, total=total, by=by)


@retried_atomic
def agree_to_pay_at_desk(*, appointment: Appointment, total: Decimal | None = None, by) -> Appointment:
    """Book the held time, to be paid at the front desk; this opens its bill.

    Refuses like `confirm_booking`, and with `PriceChanged` if the bill differs from `total`.
    """
    if appointment.status != AppointmentStatus.BOOKED:
        appointment = confirm_booking(appointment=appointment, by=by)
    asked = total_of(appointment)
    if asked is not None:
        require_price_shown(total, asked)
    return appointment


@retried_atomic
def take_desk_payment(
    *, appointment: Appointment, method: str, total: Decimal | None = None, by, idempotency_key: str
) -> Payment:
    """Take payment of the whole bill and issue the receipt; the same key returns the first payment.

    Books the visit if it is still held. Refuses callers without the right to take payments, bills that are
    paid or void, and with `PriceChanged` a bill that differs from `total`, the amount shown.
    """
    require(by, "billing.take_payment")
    invoice = lock_invoice(open_bill(appointment, by=by).pk)
    first = find_payment(invoice, idempotency_key, method)
    if first:
        return first
    require_payable(invoice, is_paid=invoice.is_paid)
    require_price_shown(total, invoice.total)
    if invoice.appointment.status in (AppointmentStatus.HELD, AppointmentStatus.EXPIRED):
        invoice.appointment = confirm_paid_booking(appointment=invoice.appointment, by=by)
    payment = write_payment(invoice, method=method, gateway=GatewayCode.DESK, by=by, key=idempotency_key)
    capture(payment, gateway_reference=None)
    issue_receipt(payment=payment)
    payment_captured.send(Payment, payment=payment, by=by)
    return payment
