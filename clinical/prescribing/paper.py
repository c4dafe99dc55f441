"""A signed prescription as it is printed: generic names in capitals, and when to take how much."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinical.prescribing.line import COUNTED, POURED
from clinical.prescribing.schedule import Row, plain
from clinical.prescribing.typed import parse_schedule
from clinical.statuses import DoseForm, DoseUnit, DrugSchedule, Route

MEASURES = {DoseUnit.ML, DoseUnit.MG, DoseUnit.IU}
FRACTIONS = {Decimal("0.25"): "¼", Decimal("0.5"): "½", Decimal("0.75"): "¾"}


@dataclass(frozen=True)
class PaperRow:
    """One line of the patient's table; `parts` are the amounts of the four parts of the day, or empty."""

    when: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class PaperItem:
    name: str
    brand: str
    form: str
    strength: str
    mark: str  # of the Drugs Rules: H, H1, X
    unit: str  # of the amounts in the table
    route: str
    rows: tuple[PaperRow, ...]
    duration: str
    quantity: str
    instructions: str


def paper_items(items: Iterable) -> list[PaperItem]:
    return [_item(item) for item in items]


def _item(item) -> PaperItem:
    table = parse_schedule(item.schedule).table(item.dose, item.duration_days)
    return PaperItem(
        name=item.name.upper(),
        brand=item.brand,
        form=str(DoseForm(item.form).label) if item.form else "",
        strength=item.strength,
        mark="" if item.drug_schedule == DrugSchedule.NONE else item.drug_schedule,
        unit=_heading(item),
        route=lower_first(str(Route(item.route).label)) if item.route else "",
        rows=tuple(_row(row, item, is_only=len(table) == 1) for row in table),
        duration=_days(item.duration_days) if item.duration_days else "",
        quantity=quantity_in_words(item),
        instructions=capfirst(item.instructions),
    )


def _row(row: Row, item, *, is_only: bool) -> PaperRow:
    if is_only:
        days = ""
    elif row.last_day is None:
        days = _("From day %(first)s") % {"first": row.first_day}
    elif row.last_day == row.first_day:
        days = _("Day %(first)s") % {"first": row.first_day}
    else:
        days = _("Day %(first)s to %(last)s") % {"first": row.first_day, "last": row.last_day}
    how_often = row.words if row.parts is None or row.words != _("Every day") or not days else ""
    if row.parts is None:
        how_often = f"{_amount(item.dose, item)}, {lower_first(how_often)}"
    when = ": ".join(filter(None, [days, how_often]))
    return PaperRow(when, tuple(_number(part, item) if part else "" for part in row.parts or ()))


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _amount(number: Decimal, item) -> str:
    """1 tablet, ½ tablet, 7.5 mL."""
    return f"{_number(number, item)} {_unit(number, item)}".strip()


def _heading(item) -> str:
    unit = _unit(Decimal(2), item)
    return capfirst(unit) if item.dose_unit not in MEASURES else unit


def _number(number: Decimal, item) -> str:
    """Pieces in halves and quarters, measures in decimals."""
    if item.dose_unit in MEASURES:
        return plain(number)
    whole, rest = divmod(number, 1)
    sign = FRACTIONS.get(rest.normalize())
    if sign is None:
        return plain(number)
    return f"{whole:.0f}{sign}" if whole else sign


def _unit(number: Decimal, item) -> str:
    count = 1 if number <= 1 else 2
    if item.dose_unit == DoseUnit.DROP:
        return ngettext("drop", "drops", count)
    if item.dose_unit == DoseUnit.APPLICATION:
        return ngettext("application", "applications", count)
    if item.dose_unit != DoseUnit.UNIT:
        return str(DoseUnit(item.dose_unit).label)
    return {
        DoseForm.TABLET: ngettext("tablet", "tablets", count),
        DoseForm.CAPSULE: ngettext("capsule", "capsules", count),
        DoseForm.INHALER: ngettext("puff", "puffs", count),
        DoseForm.NASAL_SPRAY: ngettext("spray", "sprays", count),
        DoseForm.POWDER: ngettext("sachet", "sachets", count),
        DoseForm.LOZENGE: ngettext("lozenge", "lozenges", count),
        DoseForm.SUPPOSITORY: ngettext("suppository", "suppositories", count),
        DoseForm.PATCH: ngettext("patch", "patches", count),
    }.get(item.form, "")


def quantity_in_words(item) -> str:
    if item.quantity is None:
        return ""
    if item.form in COUNTED or item.form in POURED:
        return _amount(Decimal(item.quantity), item)
    return (
        ngettext("%(n)s pack", "%(n)s packs", item.quantity) % {"n": item.quantity}
        if item.form
        else str(item.quantity)
    )


def _days(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
