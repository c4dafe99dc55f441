from decimal import Decimal

from babel.numbers import format_currency
from django import template

register = template.Library()


@register.filter
def rupees(amount: Decimal) -> str:
    """₹1,20,000 as India writes it; paise only where there are any."""
    whole = amount == amount.to_integral_value()
    return format_currency(
        amount, "INR", "¤#,##,##0" if whole else None, locale="en_IN", currency_digits=not whole
    )
