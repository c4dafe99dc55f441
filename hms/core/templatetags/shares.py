from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def share(value: float) -> str:
    """A share between 0 and 1 in percent: 0.1234 is 12%; what would round to nothing is <1%."""
    percent = 100 * value
    return "<1%" if 0 < percent < 0.5 else f"{number_format(round(percent))}%"
