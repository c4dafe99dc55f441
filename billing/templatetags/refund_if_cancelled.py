"""What cancelling would refund, for the pages of lower apps, which cannot import billing."""

from collections.abc import Iterable
from decimal import Decimal

from django import template

from billing.models import Invoice
from billing.statuses import GatewayCode, InvoiceStatus
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

register = template.Library()
CANCELLED = AppointmentStatus.CANCELLED


@register.inclusion_tag("billing/_refund_if_cancelled.html", takes_context=True)
def refund_if_cancelled(context, cancelled: Appointment | Iterable[Appointment]) -> dict:
    """The amounts that `refund_the_visit` would decide, by who returns them: the front desk or the bank."""
    appointments = [cancelled] if isinstance(cancelled, Appointment) else cancelled
    appointments = [each for each in appointments if CANCELLED in AppointmentStatus.steps()[each.status]]
    user = context["request"].user
    bills = Invoice.objects.visible_to(user).filter(appointment__in=appointments)
    open_bills = list(bills.exclude(status=InvoiceStatus.VOID).prefetch_related("payments"))
    payments = [payment for bill in open_bills for payment in bill.captured_payments]
    amounts = {
        is_desk: sum(
            (p.refundable_amount for p in payments if (p.gateway == GatewayCode.DESK) == is_desk),
            Decimal("0.00"),
        )
        for is_desk in (True, False)
    }
    return {
        "desk": amounts[True],
        "online": amounts[False],
        "sees_bill": bool(open_bills),
        "for_staff": user.is_staff,
    }
