from decimal import Decimal

from django import template

from hms.core.money import money, rupees

register = template.Library()
register.filter("money", money)
register.filter("rupees", rupees)


@register.filter
def percentage(rate: Decimal) -> str:
    """18.00 as 18, 0.25 as 0.25."""
    return f"{rate.normalize():f}"
