"""The price of a visit if it moves to another doctor, for the page of a lower app."""

from dataclasses import dataclass
from decimal import Decimal

from django import template
from django.core.exceptions import ValidationError

from billing.exceptions import PaidLess
from billing.models import Invoice
from billing.services import quote_visit
from billing.statuses import InvoiceStatus
from hms.core.money import money
from scheduling.models import Appointment, Doctor

register = template.Library()


@dataclass(frozen=True)
class PriceIfMoved:
    """The prices with tax before and after, None where there is none; as `price_another_doctor` decides."""

    old: Decimal | None
    new: Decimal | None
    is_paid: bool

    @property
    def is_refused(self) -> bool:
        return self.is_paid and self.new is not None and self.new > self.old

    @property
    def refusal(self) -> str:
        return " ".join(PaidLess(paid=money(self.old), price=money(self.new)).messages)


@register.simple_tag(takes_context=True)
def price_if_moved(context, appointment: Appointment, doctor: Doctor) -> PriceIfMoved:
    bills = Invoice.objects.visible_to(context["request"].user).filter(appointment=appointment)
    bill = bills.exclude(status=InvoiceStatus.VOID).prefetch_related("payments").first()
    try:
        new = quote_visit(doctor).total
    except ValidationError:
        new = None
    return PriceIfMoved(bill.total if bill else None, new, is_paid=bool(bill and bill.is_paid))
