"""One line of a prescription: as a doctor types it, and as it is to be written."""

import re
from dataclasses import dataclass
from decimal import Decimal

from accounts.names import tidy
from clinical.exceptions import ScheduleUnclear
from clinical.models import Medicine
from clinical.prescribing.schedule import Schedule
from clinical.prescribing.typed import parse_schedule
from clinical.statuses import DoseForm, DoseUnit, StrengthPer

UNITS = {"ml": DoseUnit.ML, "iu": DoseUnit.IU, "drop": DoseUnit.DROP, "drops": DoseUnit.DROP}
DOSE = re.compile(
    r"(?<![\d./-])(\d{1,3}(?:\.\d{1,2})?|½|1½) ?"
    r"(ml|iu|drops?|tab(?:let)?s?|cap(?:sule)?s?|puffs?|sprays?|sachets?|lozenges?|ampoules?|vials?|pieces?)\b(?!\.)",
    re.IGNORECASE,
)
MEALS = {"ac": "before food", "bf": "before food", "pc": "after food", "af": "after food"}
DROPPED = {DoseForm.DROPS, DoseForm.EYE_DROPS, DoseForm.EAR_DROPS}
SPREAD = {DoseForm.CREAM, DoseForm.OINTMENT, DoseForm.GEL, DoseForm.LOTION, DoseForm.EYE_OINTMENT}
SPREAD |= {DoseForm.SHAMPOO, DoseForm.MOUTHWASH}
# Dispensed in the unit of the dose; every other form as one pack.
COUNTED = {DoseForm.TABLET, DoseForm.CAPSULE, DoseForm.POWDER, DoseForm.LOZENGE, DoseForm.SUPPOSITORY}
COUNTED |= {DoseForm.PESSARY, DoseForm.PATCH, DoseForm.INJECTION}
POURED = {DoseForm.SYRUP, DoseForm.SUSPENSION, DoseForm.SOLUTION}


@dataclass(frozen=True)
class PrescriptionLine:
    """What to prescribe: a medicine of the formulary, or a name that it does not have."""

    schedule: str
    medicine: Medicine | None = None
    name: str = ""
    brand: str = ""
    route: str = ""
    dose: Decimal = Decimal(1)
    dose_unit: str = ""
    duration_days: int | None = None
    quantity: int | None = None  # None: computed
    instructions: str = ""


@dataclass(frozen=True)
class TypedLine:
    """The parts of "amox 500 1-0-1 5d after food", before the medicine is looked up."""

    medicine: str
    schedule: Schedule
    dose: Decimal | None = None
    dose_unit: str = ""
    duration_days: int | None = None
    instructions: str = ""


def parse_line(text: str) -> TypedLine:
    """Split a typed line at its schedule; refuses with `ScheduleUnclear` a line without one."""
    words = tidy(text).split()
    for first in range(1, len(words)):
        for last in range(len(words), first, -1):
            try:
                schedule = parse_schedule(" ".join(words[first:last]))
            except ScheduleUnclear:
                continue
            return _typed(" ".join(words[:first]), schedule, words[last:])
    raise ScheduleUnclear(typed=text)


def _typed(medicine: str, schedule: Schedule, rest: list[str]) -> TypedLine:
    dose = DOSE.search(medicine)
    if dose:
        medicine = f"{medicine[: dose.start()]} {medicine[dose.end() :]}"
    return TypedLine(
        medicine=" ".join(medicine.split()),
        schedule=schedule,
        dose=Decimal(dose[1].replace("1½", "1.5").replace("½", "0.5")) if dose else None,
        dose_unit=UNITS.get(dose[2].lower(), DoseUnit.UNIT) if dose else "",
        duration_days=schedule.days,
        instructions=" ".join(MEALS.get(word.lower().strip("."), word) for word in rest),
    )


def usual_unit(medicine: Medicine | None) -> DoseUnit:
    """The unit in which doses of the medicine are given unless the doctor says otherwise."""
    if medicine is None:
        return DoseUnit.UNIT
    if medicine.form in DROPPED:
        return DoseUnit.DROP
    if medicine.form in SPREAD:
        return DoseUnit.APPLICATION
    return DoseUnit.ML if medicine.per == StrengthPer.ML and medicine.form in POURED else DoseUnit.UNIT


def quantity_of(form: str, unit: str, schedule: Schedule, dose: Decimal, days: int | None) -> int | None:
    """What to dispense: pieces, millilitres, or one pack of a form that is not counted; None if unknown."""
    is_counted = (form in COUNTED and unit == DoseUnit.UNIT) or (form in POURED and unit == DoseUnit.ML)
    if not form or (form in COUNTED | POURED and not is_counted):
        return None
    return schedule.quantity(dose, days) if is_counted else 1
