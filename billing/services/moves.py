"""What becomes of a visit's price when it moves to another doctor."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError

from billing.exceptions import PaidLess
from billing.models import Invoice
from billing.services.quotes import quote_visit
from hms.core.money import money
from scheduling.availability import DoctorTerms
from scheduling.models import Doctor


@dataclass(frozen=True)
class MovePrice:
    """The prices with tax before and after, None where there is none.

    A paid visit keeps its price: `kept` is what was paid for it and not refunded, and `refusal` is why its
    patient cannot move it.
    """

    old: Decimal | None
    new: Decimal | None
    kept: Decimal | None = None
    refusal: ValidationError | None = None

    @property
    def is_paid(self) -> bool:
        return self.kept is not None


def price_move(bill: Invoice | None, doctor: Doctor | DoctorTerms) -> MovePrice:
    payment = bill.counting_payment if bill else None
    old, kept = bill.total if bill else None, payment.refundable_amount if payment else None
    try:
        new = quote_visit(doctor).total
    except ValidationError as no_price:
        return MovePrice(old, None, kept, refusal=no_price if payment else None)
    costs_more = PaidLess(old=money(old), new=money(new)) if payment and new > old else None
    return MovePrice(old, new, kept, refusal=costs_more)
