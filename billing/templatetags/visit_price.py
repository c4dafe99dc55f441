"""The price of a visit, for pages of booking, which belong to a lower app that cannot import billing."""

from collections.abc import Iterable

from django import template
from django.core.exceptions import ValidationError

from billing.services import quote_visit, quote_visits
from hms.core.money import rupees
from scheduling.models import Doctor

MINUS = "\N{MINUS SIGN}"

register = template.Library()


@register.simple_tag
def visit_price(doctor: Doctor):
    """The current price of a visit to the doctor with tax; nothing if it cannot be priced."""
    try:
        return quote_visit(doctor)
    except ValidationError:
        return None


@register.simple_tag
def price_doctors(doctors: Iterable[Doctor], beside: Doctor | None = None) -> str:
    """Give the doctors `visit_total`, the price with tax, and `price_difference` to a doctor, in words."""
    doctors = list(doctors)
    quotes = quote_visits([*doctors, *([beside] if beside else [])])
    for doctor in doctors:
        if doctor.pk in quotes:
            doctor.visit_total = quotes[doctor.pk].total
            more = doctor.visit_total - quotes[beside.pk].total if beside else 0
            doctor.price_difference = f"{'+' if more > 0 else MINUS}{rupees(abs(more))}" if more else ""
    return ""
