"""One line of a prescription: as a doctor types it, and as it is to be written."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.names import tidy
from clinical.exceptions import DaysRefused, ScheduleUnclear
from clinical.models import Medicine
from clinical.prescribing.schedule import LONGEST_DAYS, Schedule
from clinical.prescribing.typed import DAYS, parse_schedule
from clinical.prescribing.words import DROPPED, POURED
from clinical.statuses import DoseForm, DoseUnit, StrengthPer

UNITS = {"ml": DoseUnit.ML, "drop": DoseUnit.DROP, "drops": DoseUnit.DROP}
UNITS |= dict.fromkeys(("iu", "u", "unit", "units"), DoseUnit.IU)
DOSE = re.compile(
    r"(?<![\d./-])(\d{1,6}(?:\.\d{1,2})?[½¼¾]?|[½¼¾]) ?"
    r"(ml|iu|units?|u|drops?|tab(?:let)?s?|cap(?:sule)?s?|puffs?|sprays?|sachets?|lozenges?|ampoules?|vials?"
    r"|pieces?)\b(?!\.| ?/)",
    re.IGNORECASE,
)
PARTS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
MOST_PIECES = 20  # "650 tab" is a strength
# Days behind other words: "after food 14d", "x 5", "3/7"; not those of "review after 5 days".
DAYS_BEHIND = re.compile(
    r"(?<!\S)(?:for )?(?:x ?(?P<times>\d+)(?![\w.]| ?[a-z])|(?P<sevenths>\d+)/(?P<of>7|52|12)(?![\w/])"
    r"|(?:x ?)?(?P<number>\d+) ?(?P<unit>d|days?|w|wks?|weeks?|mo|months?)\b)",
    re.IGNORECASE,
)
LATER = {"after", "in", "every", "within", "next", "before", "since", "last", "past"}
MEALS = {"ac": "before food", "bf": "before food", "pc": "after food", "af": "after food"}
SPREAD = {DoseForm.CREAM, DoseForm.OINTMENT, DoseForm.GEL, DoseForm.LOTION, DoseForm.EYE_OINTMENT}
SPREAD |= {DoseForm.SHAMPOO, DoseForm.MOUTHWASH}
# Dispensed in the unit of the dose; every other form as one pack.
COUNTED = {DoseForm.TABLET, DoseForm.CAPSULE, DoseForm.POWDER, DoseForm.LOZENGE, DoseForm.SUPPOSITORY}
COUNTED |= {DoseForm.PESSARY, DoseForm.PATCH, DoseForm.INJECTION}


@dataclass(frozen=True)
class PrescriptionLine:
    """What to prescribe: a medicine of the formulary, or a name that it does not have."""

    schedule: str
    medicine: Medicine | None = None
    name: str = ""
    brand: str = ""
    route: str = ""
    dose: Decimal | None = None  # None: one piece, where that is usual
    dose_unit: str = ""
    duration_days: int | None = None
    quantity: int | None = None  # None: computed
    instructions: str = ""
    doubt: str = field(default="", compare=False)  # what a doctor should look at before signing


@dataclass(frozen=True)
class TypedLine:
    """The parts of "amox 500 1-0-1 5d after food", before the medicine is looked up."""

    medicine: str
    whole: str  # with the dose, which may be the strength: "60000 IU", "650 tab"
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
    whole, behind = _with_fractions(medicine), _with_fractions(" ".join(rest))
    medicine, dose = _without_dose(whole, DOSE.search(whole))
    if dose is None:
        behind, dose = _without_dose(behind, DOSE.match(behind))
    days = schedule.days
    if days is None:
        behind, days = _without_days(behind)
    return TypedLine(
        medicine=medicine,
        whole=whole,
        schedule=schedule,
        dose=_number(dose[1]) if dose else None,
        dose_unit=UNITS.get(dose[2].lower(), DoseUnit.UNIT) if dose else "",
        duration_days=days,
        instructions=" ".join(MEALS.get(word.lower().strip("."), word) for word in behind.split()),
    )


def _with_fractions(text: str) -> str:
    """ "1 1/2 tab" is one and a half, "warfarin 5 1/2 tab" half a tablet of 5 mg."""
    for typed, sign in (("1/2", "½"), ("1/4", "¼"), ("3/4", "¾")):
        text = re.sub(rf"(?:(?<=(?<![\d.])[123]) )?(?<![\d/.]){typed}(?= ?tab)", sign, text)
    return text


def _without_dose(text: str, found: re.Match | None) -> tuple[str, re.Match | None]:
    """The text without the dose; a number of pieces that nobody takes is none."""
    is_piece = found is not None and found[2].lower() not in UNITS
    if found is None or (is_piece and _number(found[1]) > MOST_PIECES):
        return text, None
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split()), found


def _number(text: str) -> Decimal:
    sign = text[-1]
    return Decimal(text.rstrip("½¼¾") or 0) + PARTS.get(sign, 0)


def _without_days(text: str) -> tuple[str, int | None]:
    """The text without the days of the course; refuses days that no course has."""
    for found in DAYS_BEHIND.finditer(text.replace("\u00d7", "x")):
        if (text[: found.start()].lower().split() or [""])[-1] in LATER:
            continue
        number = int(found["times"] or found["sevenths"] or found["number"])
        unit = {"7": 1, "52": 7, "12": 30}.get(found["of"]) or DAYS[(found["unit"] or "d").lower()]
        if not 1 <= number * unit <= LONGEST_DAYS:
            raise DaysRefused(typed=found[0].strip())
        return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split()), number * unit
    return text, None


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
