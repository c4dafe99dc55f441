"""Results that are computed from others of the same sample: a table of formulas, each a pure function.

Values are decimals in the unit that the formula names; results are rounded half up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADULT = 18
MG_DL, MMOL_L = "mg/dL", "mmol/L"
# By sex: the creatinine at which the curve bends, the power below it, and the factor.
CKD_EPI = {
    "female": (Decimal("0.7"), Decimal("-0.241"), Decimal("1.012")),
    "male": (Decimal("0.9"), Decimal("-0.302"), Decimal(1)),
}
# By unit: what triglycerides are divided by, and the most at which the estimate holds.
FRIEDEWALD = {MG_DL: (Decimal(5), Decimal(400)), MMOL_L: (Decimal("2.2"), Decimal("4.5"))}
LIPID_STEP = {MG_DL: Decimal(1), MMOL_L: Decimal("0.01")}


class NotComputed(Exception):
    """The formula does not hold for these values; `reason` says why."""

    def __init__(self, reason: str | Promise):
        super().__init__(reason)
        self.reason = reason


def egfr_ckd_epi_2021(creatinine: Decimal, *, age: int, sex: str) -> Decimal:
    """The estimated glomerular filtration rate in mL/min/1.73 m², to the whole number.

    From creatinine in mg/dL and the age in whole years; raises `NotComputed` below 18 years, for a sex that
    is not female or male, and for a creatinine of zero. Source: Inker and others, N Engl J Med
    2021;385:1737-49; whole numbers: Miller and others, Clin Chem 2022;68:511-20.
    """
    if age < ADULT:
        raise NotComputed(_("the formula is for adults from 18 years"))
    if sex not in CKD_EPI:
        raise NotComputed(_("the formula differs for women and men, and the sex is not known"))
    if creatinine <= 0:
        raise NotComputed(_("creatinine is zero"))
    bend, power, factor = CKD_EPI[sex]
    ratio = creatinine / bend
    curve = min(ratio, Decimal(1)) ** power * max(ratio, Decimal(1)) ** Decimal("-1.2")
    return rounded(142 * curve * Decimal("0.9938") ** age * factor, Decimal(1))


def ldl_friedewald(total: Decimal, hdl: Decimal, triglycerides: Decimal, *, unit: str) -> Decimal:
    """LDL cholesterol: total - HDL - triglycerides / 5 in mg/dL (whole), / 2.2 in mmol/L (two decimals).

    Raises `NotComputed` for triglycerides above 400 mg/dL or 4.5 mmol/L, and unless the result is above
    zero. Source: Friedewald, Levy and Fredrickson, Clin Chem 1972;18:499-502.
    """
    divisor, most = FRIEDEWALD[unit]
    if triglycerides > most:
        raise NotComputed(_("triglycerides are above 400 mg/dL (4.5 mmol/L)"))
    return above_zero(total - hdl - triglycerides / divisor, unit)


def non_hdl_cholesterol(total: Decimal, hdl: Decimal, *, unit: str) -> Decimal:
    """Total minus HDL cholesterol, in mg/dL (whole) or mmol/L (two decimals); refused unless above zero.

    Source: NCEP Adult Treatment Panel III, Circulation 2002;106:3143-421.
    """
    return above_zero(total - hdl, unit)


def above_zero(value: Decimal, unit: str) -> Decimal:
    value = rounded(value, LIPID_STEP[unit])
    if value <= 0:
        raise NotComputed(_("the values contradict each other"))
    return value


def rounded(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)


@dataclass(frozen=True)
class Sample:
    """The numbers that were found, in the order of the formula and all in one unit, and whose they are."""

    values: Sequence[Decimal]
    unit: str
    age: int
    sex: str


@dataclass(frozen=True)
class Formula:
    """How one test is computed; `inputs` are the codes of other tests with their names."""

    name: str
    inputs: Mapping[str, str | Promise]
    units: Mapping[str, str]  # of all inputs: of the result; others are converted to the first
    compute: Callable[[Sample], Decimal]
    is_personal: bool = False  # age and sex count

    def missing(self, found: Iterable[str]) -> list[str]:
        """The names of the inputs that are not among the codes."""
        there = set(found)
        return [str(name) for code, name in self.inputs.items() if code not in there]


CHOLESTEROL = {"chol": _("total cholesterol"), "hdl": _("HDL cholesterol")}
LIPID_UNITS = {MG_DL: MG_DL, MMOL_L: MMOL_L}
# By the code of the test in the catalogue.
FORMULAS = {
    "egfr": Formula(
        "CKD-EPI 2021",
        {"creat": _("creatinine")},
        {MG_DL: "mL/min/{1.73_m2}"},
        lambda sample: egfr_ckd_epi_2021(*sample.values, age=sample.age, sex=sample.sex),
        is_personal=True,
    ),
    "ldl": Formula(
        "Friedewald",
        CHOLESTEROL | {"tg": _("triglycerides")},
        LIPID_UNITS,
        lambda sample: ldl_friedewald(*sample.values, unit=sample.unit),
    ),
    "nonhdl": Formula(
        "Total − HDL",  # noqa: RUF001 - a minus sign
        CHOLESTEROL,
        LIPID_UNITS,
        lambda sample: non_hdl_cholesterol(*sample.values, unit=sample.unit),
    ),
}


def computed_from(code: str) -> list[str]:
    """The codes of the tests that are computed from this one."""
    return [computed for computed, formula in FORMULAS.items() if code in formula.inputs]
