"""Formulas of computed results, against published values and at their limits."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.formulas import (
    FORMULAS,
    NotComputed,
    Sample,
    egfr_ckd_epi_2021,
    ldl_friedewald,
    non_hdl_cholesterol,
)

pytestmark = pytest.mark.feature("C06")
CREATININE = st.decimals("0.1", "20", places=2)
SEX = st.sampled_from(["female", "male"])


# The first two from the calculator of the National Kidney Foundation (kidney.org), as quoted in the tests of
# the R package admiral (85 µmol/L is 0.9615 mg/dL); the third from the same calculator. The others by hand
# from the equation in the paper, at and beside the points where the curve bends.
@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "egfr"),
    [
        ("1.09", 55, "male", 80),
        ("0.9615", 65, "female", 66),
        ("1.2", 55, "male", 71),
        ("0.9", 18, "male", 127),  # 142 x 0.9938^18 = 126.96
        ("0.7", 18, "female", 128),  # 142 x 1.012 x 0.9938^18 = 128.49
        ("0.45", 40, "male", 137),  # 142 x 0.5^-0.302 x 0.9938^40 = 136.52
        ("1.4", 40, "female", 49),  # 142 x 2^-1.2 x 1.012 x 0.9938^40 = 48.78
    ],
)
def test_egfr_agrees_with_published_values(creatinine, age, sex, egfr):
    assert egfr_ckd_epi_2021(Decimal(creatinine), age=age, sex=sex) == egfr


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "why"),
    [
        ("0.8", 17, "male", "adults"),
        ("0.8", 40, "unknown", "sex is not known"),
        ("0.8", 40, "other", "sex is not known"),
        ("0", 40, "male", "zero"),
    ],
)
def test_egfr_is_not_computed_where_the_formula_does_not_hold(creatinine, age, sex, why):
    with pytest.raises(NotComputed, match=why):
        egfr_ckd_epi_2021(Decimal(creatinine), age=age, sex=sex)


@given(
    st.lists(CREATININE, min_size=2, max_size=2), st.integers(18, 110), st.sampled_from(["female", "male"])
)
def test_egfr_never_rises_with_creatinine_or_age(values, age, sex):
    by_creatinine = [egfr_ckd_epi_2021(value, age=age, sex=sex) for value in sorted(values)]
    by_age = [egfr_ckd_epi_2021(values[0], age=years, sex=sex) for years in (age, age + 1)]

    assert all(one >= other >= 0 for one, other in (*pairwise(by_creatinine), *pairwise(by_age)))


@pytest.mark.parametrize(
    ("total", "hdl", "triglycerides", "unit", "ldl"),
    [
        ("200", "50", "150", "mg/dL", "120"),
        ("220", "45", "150", "mg/dL", "145"),
        ("200", "50", "152", "mg/dL", "120"),  # 119.6
        ("200", "50", "152.5", "mg/dL", "120"),  # 119.5, half up
        ("200", "50", "400", "mg/dL", "70"),
        ("5.7", "1.2", "1.7", "mmol/L", "3.73"),  # 3.727
        ("4.9", "1.4", "2.2", "mmol/L", "2.50"),
        ("7.0", "1.0", "4.5", "mmol/L", "3.95"),
    ],
)
def test_ldl_is_total_less_hdl_less_a_part_of_the_triglycerides(total, hdl, triglycerides, unit, ldl):
    found = ldl_friedewald(Decimal(total), Decimal(hdl), Decimal(triglycerides), unit=unit)

    assert str(found) == ldl


@pytest.mark.parametrize(
    ("values", "unit", "why"),
    [
        (("200", "50", "401"), "mg/dL", "above 400"),
        (("7.0", "1.0", "4.51"), "mmol/L", "above 400"),
        (("100", "80", "100"), "mg/dL", "contradict"),
    ],
)
def test_ldl_is_not_computed_where_the_formula_does_not_hold(values, unit, why):
    with pytest.raises(NotComputed, match=why):
        ldl_friedewald(*map(Decimal, values), unit=unit)


def test_non_hdl_is_the_difference():
    assert str(non_hdl_cholesterol(Decimal(213), Decimal(48), unit="mg/dL")) == "165"
    assert str(non_hdl_cholesterol(Decimal("5.5"), Decimal("1.24"), unit="mmol/L")) == "4.26"
    with pytest.raises(NotComputed):
        non_hdl_cholesterol(Decimal(40), Decimal(40), unit="mg/dL")


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_every_formula_takes_as_many_values_as_it_names_in_each_of_its_units(formula):
    values = [Decimal(9 - place) for place, _code in enumerate(formula.inputs)]
    values[-1] = Decimal(1)

    found = [formula.compute(Sample(values, unit, 40, "female")) for unit in formula.units]

    assert all(value > 0 for value in found)
