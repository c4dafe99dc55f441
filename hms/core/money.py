"""Amounts in rupees: `Decimal` to the paisa, rounded half up, and written as India writes them."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency

PAISA = Decimal("0.01")


def to_paisa(amount: Decimal) -> Decimal:
    """Round half up to two places; anything but a `Decimal` is a `TypeError`."""
    if not isinstance(amount, Decimal):
        raise TypeError("Money is Decimal.")
    return amount.quantize(PAISA, ROUND_HALF_UP)


def money(amount: Decimal | str) -> str:
    """₹1,20,000.00: always with paise, so that columns of a bill stand under each other."""
    return format_currency(to_paisa(Decimal(amount)), "INR", locale="en_IN")


def rupees(amount: Decimal) -> str:
    """₹1,20,000, as a fee stands in a text: paise only where there are any."""
    return money(amount).removesuffix(".00")
