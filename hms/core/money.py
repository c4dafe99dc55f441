"""Amounts in rupees: `Decimal` to the paisa, rounded half up, in Indian notation."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency

CURRENCY = "INR"
PAISA = Decimal("0.01")


def to_paisa(amount: Decimal) -> Decimal:
    """Round half up to two places; raises `TypeError` for anything but a `Decimal`."""
    if not isinstance(amount, Decimal):
        raise TypeError("An amount of money must be a Decimal.")
    return amount.quantize(PAISA, ROUND_HALF_UP)


def money(amount: Decimal | str) -> str:
    """₹1,20,000.00: always with paise, so that the columns of a bill line up."""
    return format_currency(to_paisa(Decimal(amount)), CURRENCY, locale="en_IN")


def rupees(amount: Decimal) -> str:
    """₹1,20,000, for running text: paise only if they are not zero."""
    return money(amount).removesuffix(".00")
