"""The arithmetic of a bill: pure functions without database or clock.

Amounts are rupees, rates are per cent; both are `Decimal`, and floats are refused. Amounts are rounded
half up to the paisa, once per line and tax. A total is the sum of rounded parts and is never
rounded again, so the printed amounts add up. CGST and SGST are each computed from the taxable value
and half the rate: the two halves are always equal. Section 170 of the CGST Act rounds the tax
payable to the rupee in the return, not on the line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from billing.statuses import Treatment
from hms.core.money import to_paisa

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Tax:
    """The tax of one charge; `tax_class_id` is the row that it was read from."""

    treatment: str
    rate: Decimal = ZERO
    sac: str = ""
    tax_class_id: int | None = None


# An unregistered clinic must not collect tax (section 32(1) of the CGST Act).
NO_TAX = Tax(Treatment.OUTSIDE)


@dataclass(frozen=True)
class Charge:
    """One item of a bill, before tax."""

    kind: str
    description: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    discount: Decimal = ZERO
    tax: Tax = NO_TAX


@dataclass(frozen=True)
class QuoteLine:
    kind: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    taxable_value: Decimal
    cgst: Decimal
    sgst: Decimal
    igst: Decimal
    treatment: str
    rate: Decimal
    sac: str
    tax_class_id: int | None

    @property
    def tax(self) -> Decimal:
        return self.cgst + self.sgst + self.igst

    @property
    def total(self) -> Decimal:
        return self.taxable_value + self.tax


@dataclass(frozen=True)
class Quote:
    """The lines of a bill; every sum adds up rounded lines."""

    lines: tuple[QuoteLine, ...]

    @property
    def taxable_value(self) -> Decimal:
        return _sum(line.taxable_value for line in self.lines)

    @property
    def cgst(self) -> Decimal:
        return _sum(line.cgst for line in self.lines)

    @property
    def sgst(self) -> Decimal:
        return _sum(line.sgst for line in self.lines)

    @property
    def igst(self) -> Decimal:
        return _sum(line.igst for line in self.lines)

    @property
    def tax(self) -> Decimal:
        return self.cgst + self.sgst + self.igst

    @property
    def total(self) -> Decimal:
        return self.taxable_value + self.tax


def price(charges: Iterable[Charge], *, interstate: bool = False) -> Quote:
    """Price a bill. `interstate` puts the tax into IGST instead of CGST and SGST.

    The place of supply of a health service is where it is performed (section 12(4) of the IGST
    Act), so a visit is never inter-State, wherever the patient lives.
    """
    return Quote(tuple(price_line(charge, interstate=interstate) for charge in charges))


def price_line(charge: Charge, *, interstate: bool = False) -> QuoteLine:
    """Price one charge; a negative price or quantity, or a discount above the value, is a `ValueError`."""
    value = to_paisa(charge.unit_price * charge.quantity)
    discount = to_paisa(charge.discount)
    if charge.unit_price < 0 or charge.quantity < 0 or not 0 <= discount <= value:
        raise ValueError("A line cannot be negative.")
    taxable_value = value - discount
    rate = charge.tax.rate if charge.tax.treatment == Treatment.TAXABLE else ZERO
    half = ZERO if interstate else percent(taxable_value, rate / 2)
    return QuoteLine(
        kind=charge.kind,
        description=charge.description,
        quantity=charge.quantity,
        unit_price=charge.unit_price,
        discount=discount,
        taxable_value=taxable_value,
        cgst=half,
        sgst=half,
        igst=percent(taxable_value, rate) if interstate else ZERO,
        treatment=charge.tax.treatment,
        rate=rate,
        sac=charge.tax.sac,
        tax_class_id=charge.tax.tax_class_id,
    )


def percent(amount: Decimal, rate: Decimal) -> Decimal:
    """`rate` per cent of an amount, rounded half up to the paisa."""
    return to_paisa(amount * rate / 100)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
