"""From lines that doctors type or choose to items of a prescription, and back."""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.names import tidy
from clinical.exceptions import DoseMissing, DoseRefused, LinesRefused, MedicineInactive, MedicineUnknown
from clinical.models import Medicine, PrescriptionItem
from clinical.prescribing.line import PrescriptionLine, TypedLine, parse_line, quantity_of, usual_unit
from clinical.prescribing.typed import parse_schedule
from clinical.prescribing.words import SOLID, has_usual_dose, route_in, words_of
from clinical.services.medicine_readings import insulins_named, read_medicine
from clinical.statuses import DoseUnit, DrugSchedule, Route
from hms.core.refusals import Refusal

MOST = Decimal(100_000)
MEASURED = {DoseUnit.ML, DoseUnit.DROP}


def item_of(line: PrescriptionLine, position: int) -> PrescriptionItem:
    """The item of a line, not yet saved, with its quantity; refuses what cannot be prescribed."""
    medicine, name = line.medicine, tidy(line.name)
    _refuse(line, name)
    schedule = parse_schedule(line.schedule)
    days = schedule.days or line.duration_days
    unit = line.dose_unit or usual_unit(medicine)
    form = medicine.form if medicine else ""
    dose = Decimal(1) if line.dose is None else line.dose
    item = PrescriptionItem(
        position=position,
        medicine=medicine,
        name=medicine.name if medicine else name,
        brand=tidy(line.brand),
        form=form,
        strength=medicine.strength if medicine else "",
        drug_schedule=medicine.schedule if medicine else DrugSchedule.NONE,
        route=line.route or (medicine.route if medicine else route_in(name)),
        dose=dose,
        dose_unit=unit,
        schedule=str(schedule.without_days),
        duration_days=days,
        quantity=line.quantity or quantity_of(form, unit, schedule, dose, days),
        instructions=tidy(line.instructions),
    )
    item.clean_fields(exclude=["prescription", "patient", "medicine", "recorded_by"])
    return item


def _refuse(line: PrescriptionLine, name: str) -> None:
    if line.medicine is None and not name:
        raise MedicineUnknown
    if line.medicine is not None and not line.medicine.is_active:
        raise MedicineInactive(name=str(line.medicine))
    refuse_dose(line)


def refuse_dose(line: PrescriptionLine) -> None:
    """Refuses a missing dose of what is measured, and one that cannot be."""
    form = line.medicine.form if line.medicine else ""
    unit = line.dose_unit or usual_unit(line.medicine)
    is_spread = line.medicine is not None and line.medicine.route == Route.TOPICAL
    if line.dose is None and not is_spread and not has_usual_dose(form, line.dose_unit, line.name):
        is_insulin = "insulin" in (line.medicine.class_names if line.medicine else line.name.casefold())
        example = _("10 IU") if is_insulin else _("1 drop") if unit == DoseUnit.DROP else _("5 mL")
        raise DoseMissing(name=str(line.medicine or line.name), example=example)
    if line.dose is not None and not 0 < line.dose < MOST:
        raise DoseRefused


def line_of(item: PrescriptionItem) -> PrescriptionLine:
    """The line that writes the same item again; a quantity that was computed stays computed."""
    schedule = parse_schedule(item.schedule)
    computed = quantity_of(item.form, item.dose_unit, schedule, item.dose, item.duration_days)
    return PrescriptionLine(
        schedule=item.schedule,
        medicine=item.medicine,
        name=item.name,
        brand=item.brand,
        route=item.route,
        dose=item.dose,
        dose_unit=item.dose_unit,
        duration_days=item.duration_days,
        quantity=None if item.quantity == computed else item.quantity,
        instructions=item.instructions,
    )


def line_from(text: str) -> PrescriptionLine:
    """The line that a doctor typed: "amox 500 1-0-1 5d after food".

    A medicine that the formulary does not have, or that is not clear, stays as typed. Refuses a line
    without a schedule, and one without a dose where no dose is usual.
    """
    typed = parse_line(text)
    line = PrescriptionLine(
        schedule=str(typed.schedule),
        **_medicine_and_dose(typed),
        duration_days=typed.duration_days,
        instructions=typed.instructions,
    )
    refuse_dose(line)
    return replace(line, doubt=f"“{text}” {line.doubt}") if line.doubt else line


def lines_from(texts: Iterable[str]) -> list[PrescriptionLine]:
    """The lines that are not empty; a refusal names every line that cannot be written."""
    found, refused = [], []
    for text in filter(str.strip, texts):
        try:
            found.append(line_from(text))
        except Refusal as refusal:
            said = " ".join(refusal.messages)
            refused.append(said if text in said else f"“{text}”: {said}")
    if refused:
        raise LinesRefused(texts=" ".join(refused))
    return found


def doubts_of(lines: Iterable[PrescriptionLine]) -> list[str]:
    return [line.doubt for line in lines if line.doubt]


def _medicine_and_dose(typed: TypedLine) -> dict:
    given = {"dose": typed.dose, "dose_unit": typed.dose_unit}
    if typed.dose is not None and typed.whole != typed.medicine and typed.dose_unit not in MEASURED:
        # "60000 IU", "2 tab": the strength of the tablet, if it has that strength.
        whole = meant(typed.whole, typed.dose_unit)
        if whole["medicine"] and whole["medicine"].form in SOLID and words_of(typed.whole).amounts:
            is_piece = typed.dose_unit == DoseUnit.UNIT
            return whole | ({"doubt": _read_as(whole)} if is_piece else {})
    found = meant(typed.medicine, typed.dose_unit)
    if typed.dose is None and found["medicine"] is None and insulins_named(typed.medicine):
        (number,) = words_of(typed.medicine).amounts
        given = {"dose": number.number, "dose_unit": DoseUnit.IU}
        name = re.sub(rf"(?<![\w.]){re.escape(f'{number.number}')}(?![\w.])", " ", typed.medicine)
        return meant(" ".join(name.split()), DoseUnit.IU) | given
    return found | given


def meant(text: str, unit: str = "") -> dict:
    """The medicine of the formulary that the text means, with the brand it names, or the text as a name.

    Text in quotation marks stays as typed. What `shown` writes means the same medicine again. `doubt` says
    what a doctor should look at.
    """
    if text.startswith('"'):
        return {"medicine": None, "name": text.strip('" '), "brand": "", "doubt": ""}
    if exact := _as_shown(text):
        return exact
    reading = read_medicine(text, unit)
    if reading.medicine is None:
        return {"medicine": None, "name": text, "brand": "", "doubt": _("is not in the formulary.")}
    found = {"medicine": reading.medicine, "name": "", "brand": reading.brand, "doubt": ""}
    return found if reading.is_clear else found | {"doubt": _read_as(found)}


def _read_as(found: dict) -> str:
    return _("was read as %(medicine)s.") % {"medicine": found["medicine"]}


def _as_shown(text: str) -> dict | None:
    if ", " not in text:
        return None
    name, _bracket, brand = text.partition(" [")
    brand = brand.rstrip("]")
    for row in Medicine.objects.active().filter(name__iexact=name.partition(", ")[0]):
        if str(row).casefold() == name.casefold() and (not brand or brand in row.brand_names):
            return {"medicine": row, "name": "", "brand": brand, "doubt": ""}
    return None


def shown(line: PrescriptionLine) -> str:
    """The medicine of a line as the forms show it."""
    if line.medicine is None:
        return f'"{line.name}"'
    return f"{line.medicine} [{line.brand}]" if line.brand else str(line.medicine)
