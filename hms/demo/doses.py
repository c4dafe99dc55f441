"""Medicines in the form and dose that fit the age and, for children, the weight."""

from decimal import Decimal

GROWN_UP, SCHOOL_AGE, LEAST_FOR_CETIRIZINE = 14, 6, 2  # years
MG_PER_KG, MOST_ML = Decimal(15), Decimal(15)
WEAK_BELOW = Decimal(9)  # kg: the weaker suspension can be measured better
HALF = Decimal("0.5")


def for_age_and_weight(line: str, age: int, weight: Decimal | None) -> str:
    """The line to prescribe; empty where nothing fits."""
    fitting = {"PARACETAMOL": _paracetamol, "CETIRIZINE": _cetirizine, "ZINC": _zinc, "SALINE": _saline}
    return fitting[line](age, weight) if line in fitting else line


def _paracetamol(age: int, weight: Decimal | None) -> str:
    """15 mg per kg, four times a day at most."""
    if age >= GROWN_UP:
        return "paracetamol 650 sos max 3/day 5 days after food"
    if weight is None:
        return ""
    strength = 125 if weight < WEAK_BELOW else 250
    ml = min(MOST_ML, weight * MG_PER_KG * 5 / strength) // HALF * HALF
    return (
        f"paracetamol suspension {strength} {ml.normalize():f} ml sos max 4/day 3 days only with fever"
        if ml
        else ""
    )


def _cetirizine(age: int, _weight: Decimal | None) -> str:
    if age >= GROWN_UP:
        return "cetirizine 10 0-0-1 5 days"
    ml = "5" if age >= SCHOOL_AGE else "2.5"
    return f"cetirizine syrup {ml} ml 0-0-1 5 days" if age >= LEAST_FOR_CETIRIZINE else ""


def _zinc(age: int, _weight: Decimal | None) -> str:
    return "zinc sulfate tablet 1-0-0 14 days" if age >= 1 else ""


def _saline(_age: int, _weight: Decimal | None) -> str:
    return "sodium chloride 2 drops 1-1-1 5 days"
