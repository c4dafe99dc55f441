"""From lines that doctors type or choose to items of a prescription, and back."""

from decimal import Decimal

from accounts.names import tidy
from clinical.exceptions import DoseRefused, MedicineInactive, MedicineUnknown
from clinical.models import Medicine, PrescriptionItem
from clinical.prescribing.line import PrescriptionLine, parse_line, quantity_of, usual_unit
from clinical.prescribing.typed import parse_schedule
from clinical.querysets.medicines import search_key
from clinical.statuses import DrugSchedule, Route

MOST = Decimal(100_000)
MOST_ALIKE = 50


def item_of(line: PrescriptionLine, position: int) -> PrescriptionItem:
    """The item of a line, not yet saved, with its quantity; refuses what cannot be prescribed."""
    medicine, name = line.medicine, tidy(line.name)
    _refuse(line, name)
    schedule = parse_schedule(line.schedule)
    days = schedule.days or line.duration_days
    unit = line.dose_unit or usual_unit(medicine)
    form = medicine.form if medicine else ""
    item = PrescriptionItem(
        position=position,
        medicine=medicine,
        name=medicine.name if medicine else name,
        brand=tidy(line.brand),
        form=form,
        strength=medicine.strength if medicine else "",
        drug_schedule=medicine.schedule if medicine else DrugSchedule.NONE,
        route=line.route or (medicine.route if medicine else Route.ORAL),
        dose=line.dose,
        dose_unit=unit,
        schedule=str(schedule.without_days),
        duration_days=days,
        quantity=line.quantity or quantity_of(form, unit, schedule, line.dose, days),
        instructions=tidy(line.instructions),
    )
    item.clean_fields(exclude=["prescription", "patient", "medicine", "recorded_by"])
    return item


def _refuse(line: PrescriptionLine, name: str) -> None:
    if line.medicine is None and not name:
        raise MedicineUnknown
    if line.medicine is not None and not line.medicine.is_active:
        raise MedicineInactive(name=str(line.medicine))
    if not 0 < line.dose < MOST:
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

    The best match of the formulary is taken, with the brand if one was named; a medicine that it does not
    have stays as typed. Refuses a line without a schedule.
    """
    typed = parse_line(text)
    return PrescriptionLine(
        schedule=str(typed.schedule),
        **meant(typed.medicine),
        dose=typed.dose or Decimal(1),
        dose_unit=typed.dose_unit,
        duration_days=typed.duration_days,
        instructions=typed.instructions,
    )


def meant(text: str) -> dict:
    """The medicine of the formulary that the text means, with the brand it names, or the text as a name.

    Text in quotation marks stays as typed. What `shown` writes means the same medicine again.
    """
    if text.startswith('"'):
        return {"medicine": None, "name": text.strip('" '), "brand": ""}
    words, _bracket, brand = text.partition(" [")
    rows = Medicine.objects.active().found(words, limit=MOST_ALIKE)
    same = (row for row in rows if str(row).casefold() == words.casefold())
    medicine = next(same, next(iter(rows), None))
    if medicine is None:
        return {"medicine": None, "name": text, "brand": ""}
    brand = brand.rstrip("]") if brand.rstrip("]") in medicine.brand_names else _brand_in(words, medicine)
    return {"medicine": medicine, "name": "", "brand": brand}


def shown(line: PrescriptionLine) -> str:
    """The medicine of a line as the forms show it."""
    if line.medicine is None:
        return f'"{line.name}"'
    return f"{line.medicine} [{line.brand}]" if line.brand else str(line.medicine)


def _brand_in(text: str, medicine: Medicine | None) -> str:
    """The brand of the medicine that begins with a word of the text."""
    words = [f" {word}" for word in search_key(text).split() if len(word) > 2]
    brands = medicine.brand_names if medicine else ()
    return next((brand for brand in brands if search_key(brand).startswith(tuple(words))), "")
