"""Queues an event for each fact, in the transaction of the fact. Bodies hold references and no contents."""

from collections.abc import Callable, Mapping

from django.dispatch import Signal

from billing.models import Payment, Refund
from billing.signals import (
    payment_abandoned,
    payment_captured,
    payment_failed,
    refund_decided,
    refund_settled,
)
from billing.statuses import RefundStatus
from clinical.models import LabResult
from clinical.signals import result_released
from hms.webhooks.services import queue_event
from hms.webhooks.statuses import Event
from scheduling import signals as of_bookings
from scheduling.models import Appointment

Facts = Mapping[str, str]


def tell(signal: Signal, name: str, event_of: Callable, facts_of: Callable[..., Facts]) -> None:
    """For each row that the signal sends under this name, queue its event."""

    def queue(**sent):
        row = sent[name]
        queue_event(event=event_of(row), facts=lambda: facts_of(row))

    signal.connect(queue, weak=False, dispatch_uid=f"hms.webhooks {name}")


def booking_facts(appointment: Appointment) -> Facts:
    return {"kind": "booking", "ref": appointment.reference, "status": appointment.status}


def payment_facts(payment: Payment) -> Facts:
    booking = payment.invoice.appointment
    facts = {"kind": "payment", "ref": payment.reference, "status": payment.status}
    return facts if booking is None else facts | {"booking": booking.reference}


def refund_facts(refund: Refund) -> Facts:
    facts = {"kind": "refund", "ref": refund.reference, "status": refund.status}
    return facts | {"payment": refund.payment.reference}


def result_facts(result: LabResult) -> Facts:
    return {"kind": "result", "ref": result.reference, "status": result.status}


def event_of_settlement(refund: Refund) -> Event:
    return Event.REFUND_FAILED if refund.status == RefundStatus.FAILED else Event.REFUNDED


BOOKINGS = {
    Event.BOOKING_HELD: of_bookings.appointment_held,
    Event.BOOKING_BOOKED: of_bookings.appointment_booked,
    Event.BOOKING_MOVED: of_bookings.appointment_rescheduled,
    Event.BOOKING_CANCELLED: of_bookings.appointment_cancelled,
    Event.BOOKING_ARRIVED: of_bookings.appointment_arrived,
    Event.BOOKING_STARTED: of_bookings.appointment_started,
    Event.BOOKING_COMPLETED: of_bookings.appointment_completed,
    Event.BOOKING_NO_SHOW: of_bookings.appointment_missed,
    Event.BOOKING_EXPIRED: of_bookings.appointment_expired,
}
PAYMENTS = {
    Event.PAYMENT_CAPTURED: payment_captured,
    Event.PAYMENT_FAILED: payment_failed,
    Event.PAYMENT_ABANDONED: payment_abandoned,
}


def always(event: Event) -> Callable[..., Event]:
    return lambda _row: event


for fact, signal in BOOKINGS.items():
    tell(signal, "appointment", always(fact), booking_facts)
for fact, signal in PAYMENTS.items():
    tell(signal, "payment", always(fact), payment_facts)
tell(refund_decided, "refund", always(Event.REFUND_STARTED), refund_facts)
tell(refund_settled, "refund", event_of_settlement, refund_facts)
tell(result_released, "result", always(Event.RESULT_RELEASED), result_facts)
