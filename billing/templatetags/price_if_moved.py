"""The price of a visit if it moves to another doctor, for the page of a lower app."""

from django import template

from billing.models import Invoice
from billing.services import MovePrice, price_move
from billing.statuses import InvoiceStatus
from scheduling.models import Appointment, Doctor

register = template.Library()


@register.simple_tag(takes_context=True)
def price_if_moved(context, appointment: Appointment, doctor: Doctor) -> MovePrice:
    """As `price_move` says; blocks of one page share it."""
    key, kept = f"price_if_moved/{appointment.pk}/{doctor.pk}", context.render_context
    if key not in kept:
        bills = Invoice.objects.visible_to(context["request"].user).filter(appointment=appointment)
        bill = bills.exclude(status=InvoiceStatus.VOID).prefetch_related("payments").first()
        kept[key] = price_move(bill, doctor)
    return kept[key]
