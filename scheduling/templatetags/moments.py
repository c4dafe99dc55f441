from datetime import datetime

from django import template

from scheduling import moments

register = template.Library()


@register.filter
def clock(moment: datetime) -> str:
    return moments.clock(moment)
