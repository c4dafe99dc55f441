from decimal import Decimal

from babel.numbers import format_currency
from django import template

from billing.pricing import to_paisa

register = template.Library()


@register.filter
def money(amount: Decimal | str) -> str:
    """₹1,20,000.00: always with paise, so that columns of a bill stand under each other."""
    return format_currency(to_paisa(Decimal(amount)), "INR", locale="en_IN")


@register.filter
def percentage(rate: Decimal) -> str:
    """18.00 as 18, 0.25 as 0.25."""
    return f"{rate.normalize():f}"
