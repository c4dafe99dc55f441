"""The arithmetic of a bill, by examples and by properties of every bill."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.pricing import NO_TAX, Charge, Tax, price, price_line
from billing.statuses import ChargeKind, Treatment
from hms.core.money import to_paisa

pytestmark = pytest.mark.feature("B01")

D = Decimal
EIGHTEEN = Tax(Treatment.TAXABLE, D(18), "999799")
EXEMPT = Tax(Treatment.EXEMPT, D(0), "999312")

money = st.decimals(min_value=0, max_value=999_999, places=2)
rates = st.sampled_from([D("0.25"), D(3), D(5), D("7.5"), D(12), D(18), D(28), D("9.01")])
taxes = st.one_of(
    st.sampled_from([NO_TAX, EXEMPT, Tax(Treatment.NIL)]),
    rates.map(lambda rate: Tax(Treatment.TAXABLE, rate)),
)
charges = st.builds(
    Charge,
    kind=st.just(ChargeKind.CONSULTATION),
    description=st.just("Consultation"),
    unit_price=money,
    quantity=st.decimals(min_value=0, max_value=99, places=2),
    tax=taxes,
)


def visit(consultation: Tax, service: Tax):
    return price(
        [
            Charge(ChargeKind.CONSULTATION, "Consultation", D("500.00"), tax=consultation),
            Charge(ChargeKind.SERVICE_CHARGE, "Service charge", D("50.00"), tax=service),
        ]
    )


@pytest.mark.parametrize(
    ("consultation", "service", "total"),
    [(EIGHTEEN, EIGHTEEN, "649.00"), (EXEMPT, EIGHTEEN, "559.00"), (EXEMPT, EXEMPT, "550.00")],
)
def test_the_policy_determines_the_price(consultation, service, total):
    assert visit(consultation, service).total == D(total)


def test_tax_is_two_equal_halves_within_the_state():
    line = visit(EXEMPT, EIGHTEEN).lines[1]

    assert (line.cgst, line.sgst, line.igst, line.total) == (D("4.50"), D("4.50"), D("0.00"), D("59.00"))


def test_tax_is_igst_between_states():
    charge = Charge(ChargeKind.SERVICE_CHARGE, "Service charge", D("50.00"), tax=EIGHTEEN)

    line = price_line(charge, interstate=True)

    assert (line.cgst, line.sgst, line.igst, line.total) == (D("0.00"), D("0.00"), D("9.00"), D("59.00"))


def test_half_a_paisa_is_rounded_up():
    assert [to_paisa(D(text)) for text in ("0.005", "0.015", "2.675")] == [D("0.01"), D("0.02"), D("2.68")]


def test_a_rate_on_an_exempt_charge_is_not_applied():
    exempt = Tax(Treatment.EXEMPT, D(18))

    line = price_line(Charge(ChargeKind.CONSULTATION, "Consultation", D("500.00"), tax=exempt))

    assert (line.tax, line.rate, line.total) == (D("0.00"), D("0.00"), D("500.00"))


@given(st.lists(charges, max_size=6), st.booleans())
def test_a_total_is_the_sum_of_what_is_printed(bill, interstate):
    quote = price(bill, interstate=interstate)

    parts = sum((q.taxable_value + q.cgst + q.sgst + q.igst for q in quote.lines), D("0.00"))
    assert quote.total == parts == sum((line.total for line in quote.lines), D("0.00"))
    assert quote.total == quote.taxable_value + quote.cgst + quote.sgst + quote.igst
    assert quote.total.as_tuple().exponent == -2


@given(charges, st.booleans())
def test_halves_are_equal_and_nothing_is_negative(charge, interstate):
    line = price_line(charge, interstate=interstate)

    assert line.cgst == line.sgst
    assert line.igst == 0 or line.cgst == 0
    assert min(line.taxable_value, line.cgst, line.sgst, line.igst, line.total) >= 0


@given(charges, st.data())
def test_a_discount_lowers_the_taxable_value_by_exactly_itself(charge, data):
    value = to_paisa(charge.unit_price * charge.quantity)
    discount = data.draw(st.decimals(min_value=0, max_value=value, places=2))

    line = price_line(Charge(**{**vars(charge), "discount": discount}))

    assert line.taxable_value == value - discount


@pytest.mark.parametrize(
    "wrong",
    [{"unit_price": D("-0.01")}, {"quantity": D(-1)}, {"discount": D("500.01")}, {"discount": D("-1.00")}],
)
def test_a_negative_line_is_refused(wrong):
    charge = {"kind": "consultation", "description": "Consultation", "unit_price": D("500.00")}

    with pytest.raises(ValueError, match="negative"):
        price_line(Charge(**(charge | wrong)))


def test_a_float_is_refused():
    with pytest.raises(TypeError):
        price_line(Charge("consultation", "Consultation", 500.0, quantity=1))
