"""Amounts are formatted in one place, in Indian notation."""

import ast
from decimal import Decimal

import pytest
from django.conf import settings

from hms.core.money import money, rupees


@pytest.mark.parametrize(
    ("amount", "in_columns", "in_text"),
    [
        ("0", "₹0.00", "₹0"),
        ("500.00", "₹500.00", "₹500"),
        ("559.50", "₹559.50", "₹559.50"),
        ("120000", "₹1,20,000.00", "₹1,20,000"),
        ("12345678.905", "₹1,23,45,678.91", "₹1,23,45,678.91"),
        ("-49.995", "-₹50.00", "-₹50"),
    ],
)
def test_amounts_are_grouped_by_lakh_and_show_paise_in_columns_or_if_not_zero(amount, in_columns, in_text):
    assert (money(Decimal(amount)), rupees(Decimal(amount))) == (in_columns, in_text)
    assert money(amount) == in_columns  # as stored on a receipt


def test_nothing_else_formats_currency():
    found = {
        path.relative_to(settings.BASE_DIR).as_posix()
        for app in ("accounts", "audit", "billing", "clinical", "hms", "scheduling")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "babel.numbers"
    }

    assert found == {"hms/core/money.py"}
