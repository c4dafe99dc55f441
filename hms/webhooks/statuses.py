"""What is told to other systems, and the statuses of their addresses and of deliveries."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class Event(models.TextChoices):
    BOOKING_HELD = "booking.held", _("Booking: time held")
    BOOKING_BOOKED = "booking.booked", _("Booking: booked")
    BOOKING_MOVED = "booking.moved", _("Booking: moved")
    BOOKING_CANCELLED = "booking.cancelled", _("Booking: cancelled")
    BOOKING_ARRIVED = "booking.arrived", _("Booking: patient arrived")
    BOOKING_STARTED = "booking.started", _("Booking: consultation started")
    BOOKING_COMPLETED = "booking.completed", _("Booking: completed")
    BOOKING_NO_SHOW = "booking.no_show", _("Booking: no-show")
    BOOKING_EXPIRED = "booking.expired", _("Booking: hold expired")
    PAYMENT_CAPTURED = "payment.captured", _("Payment: captured")
    PAYMENT_FAILED = "payment.failed", _("Payment: declined")
    PAYMENT_ABANDONED = "payment.abandoned", _("Payment: given up")
    REFUND_STARTED = "payment.refund_started", _("Payment: refund on its way")
    REFUNDED = "payment.refunded", _("Payment: refunded")
    REFUND_FAILED = "payment.refund_failed", _("Payment: refund failed")
    RESULT_RELEASED = "result.released", _("Result: released to the patient")
    TEST = "webhook.test", _("Test")


FAMILIES = [("booking.*", _("Everything about bookings")), ("payment.*", _("Everything about payments"))]
# What an address may be registered for; tests are sent on request.
TOPICS = FAMILIES + [choice for choice in Event.choices if choice[0] != Event.TEST]


def topics_of(event: str) -> set[str]:
    """The topics under which an event is sent: its own name and its family."""
    return {str(event), f"{event.partition('.')[0]}.*"}


def require_topics(events: object) -> None:
    """Refuses what is not a list of different topics."""
    known = dict(TOPICS)
    if not isinstance(events, list) or not all(isinstance(one, str) and one in known for one in events):
        raise ValidationError(_("Choose among the events that there are."), code="unknown")
    if len(set(events)) != len(events):
        raise ValidationError(_("Name each event once."), code="repeated")


class EndpointStatus(StepChoices):
    ACTIVE = "active", _("Active")
    DISABLED = "disabled", _("Disabled")

    @classmethod
    def steps(cls):
        return {cls.ACTIVE: {cls.DISABLED}, cls.DISABLED: {cls.ACTIVE}}


class WhyDisabled(models.TextChoices):
    BY_HAND = "by_hand", _("by an administrator")
    FAILED_FOR_A_DAY = "failed_for_a_day", _("nothing was accepted for a day")
    GONE = "gone", _("the receiver answered that the address is gone (410)")


class DeliveryStatus(StepChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    GIVEN_UP = "given_up", _("Given up")

    @classmethod
    def steps(cls):
        return {
            cls.WAITING: {cls.DELIVERED, cls.GIVEN_UP},
            # An administrator sends it again.
            cls.DELIVERED: {cls.WAITING},
            cls.GIVEN_UP: {cls.WAITING},
        }
