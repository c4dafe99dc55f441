"""The bill of a visit, for pages of the layers below, which know nothing of bills."""

from django import template

from billing.models import Invoice

register = template.Library()


@register.inclusion_tag("billing/_visit_bill.html", takes_context=True)
def visit_bill(context, appointment) -> dict:
    """The visit's bill as far as the person may see it; nothing otherwise."""
    bills = Invoice.objects.visible_to(context["request"].user).filter(appointment=appointment)
    return {"bill": bills.for_patients().for_list().first()}
