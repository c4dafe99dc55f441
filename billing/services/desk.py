"""Money at the front desk: agreed to by the patient, taken by staff."""

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
from scheduling.services import book_appointment, confirm_booking
from scheduling.statuses import AppointmentStatus


def book_to_pay_at_desk(
    *,
    patient: Patient,
    doctor: Doctor,
    starts_at: datetime,
    symptoms: str = "",
    total: Decimal,
    idempotency_key: str | None = None,
    by,
) -> Appointment:
    """Book a free time at once, to be paid at the desk; a hold that the same form made is booked.

    Refuses with `PriceChanged` where `total`, the price that was shown, is no longer what it costs, and
    like `book_appointment`. Sent again with its key it gives the first booking, at the first one's price.
    """
    appointment = book_appointment(
        patient=patient,
        doctor=doctor,
        starts_at=starts_at,
        symptoms=symptoms,
        shown_price=total,
        idempotency_key=idempotency_key,
        by=by,
    )
    if appointment.status == AppointmentStatus.BOOKED:
        return appointment
    return agree_to_pay_at_desk(appointment=appointment, total=total, by=by)


@retried_atomic
def agree_to_pay_at_desk(*, appointment: Appointment, total: Decimal | None = None, by) -> Appointment:
    """Book the held time, which opens its bill, to be paid at the desk.

    Refuses like `confirm_booking`, and with `PriceChanged` where the bill is not over `total`.
    """
    if appointment.status != AppointmentStatus.BOOKED:
        appointment = confirm_booking(appointment=appointment, by=by)
    asked = total_of(appointment)
    if asked is not None:
        require_price_shown(total, asked)
    return appointment


@retried_atomic
def take_desk_payment(*, appointment: Appointment, method: str, by, idempotency_key: str) -> Payment:
    """Take the whole bill at the desk and issue the receipt; the same key gives the first call's payment.

    A held time is booked with it. Refuses who may not take payments, and bills that are paid or void.
    """
    require(by, "billing.take_payment")
    invoice = lock_invoice(open_bill(appointment, by=by).pk)
    first = find_payment(invoice, idempotency_key, method)
    if first:
        return first
    require_payable(invoice, is_paid=bool(invoice.captured_payments))
    if invoice.appointment.status in (AppointmentStatus.HELD, AppointmentStatus.EXPIRED):
        invoice.appointment = confirm_booking(appointment=invoice.appointment, by=by)
    payment = write_payment(invoice, method=method, gateway=GatewayCode.DESK, by=by, key=idempotency_key)
    capture(payment, gateway_reference=None)
    issue_receipt(payment=payment)
    payment_captured.send(Payment, payment=payment, by=by)
    return payment
