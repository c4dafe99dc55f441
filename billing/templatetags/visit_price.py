"""The price of a visit on the page where it is chosen, which belongs to a layer that knows no prices."""

from django import template
from django.core.exceptions import ValidationError

from billing.services import quote_visit
from scheduling.models import Doctor

register = template.Library()


@register.simple_tag
def visit_price(doctor: Doctor):
    """What a visit to the doctor costs now, with tax; nothing where it cannot be said."""
    try:
        return quote_visit(doctor)
    except ValidationError:
        return None
