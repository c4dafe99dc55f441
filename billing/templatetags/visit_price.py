"""The price of a visit, for the booking page, which belongs to a lower app that cannot import billing."""

from django import template
from django.core.exceptions import ValidationError

from billing.services import quote_visit
from scheduling.models import Doctor

register = template.Library()


@register.simple_tag
def visit_price(doctor: Doctor):
    """The current price of a visit to the doctor with tax; nothing if it cannot be priced."""
    try:
        return quote_visit(doctor)
    except ValidationError:
        return None
