"""The bill of a visit, for the pages of lower apps, which cannot import billing."""

from django import template

from billing.models import Invoice
from scheduling.models import Appointment
from scheduling.statuses import HOLDING

register = template.Library()


@register.inclusion_tag("billing/_visit_bill.html", takes_context=True)
def visit_bill(context, appointment: Appointment) -> dict:
    return {"bill": _bill(context, appointment)}


@register.inclusion_tag("billing/admin/_visit_bill.html", takes_context=True)
def visit_bill_for_staff(context, appointment: Appointment) -> dict:
    return {
        "bill": _bill(context, appointment),
        "appointment": appointment,
        "can_open": appointment.status in HOLDING,
        "perms": context["perms"],
    }


def _bill(context, appointment: Appointment) -> Invoice | None:
    bills = Invoice.objects.visible_to(context["request"].user).filter(appointment=appointment)
    return bills.for_patients().for_list().first()
