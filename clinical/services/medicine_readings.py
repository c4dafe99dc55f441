"""Which medicine of the formulary the typed words mean: the one that fits, or none, but never a guess."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.db.models import Q

from clinical.models import Medicine
from clinical.prescribing.words import (
    CLEAR_BEGINNING,
    DROPPED,
    POURED,
    SHORTEST_BEGINNING,
    SOLID,
    Words,
    amounts_of,
    distance,
    is_strength,
    words_of,
)
from clinical.statuses import DoseForm, DoseUnit

# Of several forms or strengths the first is taken, for the doctor to look at.
ORDER = [*SOLID, *sorted(POURED), *sorted(DROPPED)]
FORMS_OF_UNIT = {
    DoseUnit.ML: POURED | {DoseForm.DROPS, DoseForm.INJECTION, DoseForm.NEBULISER_SOLUTION},
    DoseUnit.DROP: DROPPED,
}
MISSPELT_FROM, ALIKE = 6, 0.85  # letters, ratio


@dataclass(frozen=True)
class Reading:
    medicine: Medicine | None = None
    brand: str = ""
    is_clear: bool = False


@dataclass(frozen=True)
class _Fit:
    """A medicine that has the typed name, by its own name or a brand."""

    row: Medicine
    beginnings: int
    left_out: int
    brand: str = ""
    is_strong: bool = True  # has the typed strength


def read_medicine(text: str, unit: str = "") -> Reading:
    """The medicine that the text means; a dose in this unit says something about its form."""
    typed = words_of(text)
    if not any(len(name) >= SHORTEST_BEGINNING for name in typed.names):
        return Reading()
    fits, is_respelt = _fits(typed), False
    if not fits:
        typed = Words(_as_spelt(typed.names), typed.forms, typed.amounts)
        fits, is_respelt = _fits(typed), True
    fewest = min((fit.beginnings for fit in fits), default=0)
    fits = [fit for fit in fits if fit.beginnings == fewest]
    best = _of_form([fit for fit in fits if fit.is_strong], typed.forms or FORMS_OF_UNIT.get(unit), fits)
    least = min((fit.left_out for fit in best), default=0)
    best = [fit for fit in best if fit.left_out == least]
    if len({fit.row.name for fit in best}) != 1:
        return Reading()
    first = min(best, key=_order)
    beginnings_are_clear = not fewest or min(map(len, typed.names)) >= CLEAR_BEGINNING
    is_clear = len({fit.row for fit in best}) == 1 and not (least or is_respelt) and beginnings_are_clear
    return Reading(first.row, first.brand, is_clear)


def insulins_named(text: str) -> bool:
    """Whether a bare number behind the name is a dose: insulin is prescribed in units."""
    typed = words_of(text)
    if len(typed.amounts) != 1 or typed.amounts[0].unit:
        return False
    fits = _fits(typed)
    return "insulin" in typed.names or bool(fits and all("insulin" in fit.row.class_names for fit in fits))


def _of_form(fits: list[_Fit], forms: Iterable[str] | None, same_name: list[_Fit]) -> list[_Fit]:
    """Those of the form that was asked for; without one, tablets and capsules if the medicine has any."""
    if forms:
        return [fit for fit in fits if fit.row.form in forms]
    if any(fit.row.form in SOLID for fit in same_name):
        return [fit for fit in fits if fit.row.form in SOLID]
    return fits


def _order(fit: _Fit) -> tuple:
    form = fit.row.form
    place = ORDER.index(form) if form in ORDER else len(ORDER)
    return place, form, [amount.number for amount in amounts_of(fit.row.strength)], fit.brand


def _fits(typed: Words) -> list[_Fit]:
    key = Q()
    for name in typed.names:
        key &= Q(search_key__contains=f" {name[:SHORTEST_BEGINNING]}")
    rows = Medicine.objects.active().filter(key)
    return [fit for fit in (_fit(typed, row) for row in rows) if fit is not None]


def _fit(typed: Words, row: Medicine) -> _Fit | None:
    stated, found = amounts_of(row.strength), []
    own = {row.name, row.initials, *filter(None, map(str.strip, re.split(r"[()]", row.name)))}
    for label in (*sorted(own), *row.brand_names):
        words = words_of(label)
        apart = distance(typed.names, words.names)
        # A combination by its generic name is named with all its ingredients.
        if not label or apart is None or (label == row.name and "+" in label and apart[1]):
            continue
        brand = "" if label in own else label
        of_name = () if brand else words.amounts  # "30/70"
        left_out = apart[1]
        is_all_typed = bool(typed.amounts) and all(each in words.amounts for each in typed.amounts)
        if brand and left_out and is_all_typed and not _is_other_brand(row, words):
            left_out = 0
        rest = typed.amounts
        if of_name and all(each in typed.amounts for each in of_name):
            rest = [each for each in typed.amounts if each not in of_name]
        found.append(_Fit(row, apart[0], left_out, brand, is_strength(rest, stated)))
    return min(found, key=lambda fit: (fit.beginnings, not fit.is_strong, fit.left_out), default=None)


def _is_other_brand(row: Medicine, words: Words) -> bool:
    """Whether the words begin with those of a shorter brand of another product: Glycomet 500, 500 SR."""
    others = Medicine.objects.active().of_brand(words.names[0]).exclude(name=row.name)
    labels = (words_of(brand) for other in others for brand in other.brand_names)
    return any(label.amounts == words.amounts and label.names == words.names[:1] for label in labels)


def _as_spelt(names: Iterable[str]) -> tuple[str, ...]:
    """The names, each unknown long one replaced by the one that is almost the same."""
    known = set()
    for name, brands in Medicine.objects.active().values_list("name", "brands"):
        known |= set(words_of(f"{name} {brands}").names)
    known = {word for word in known if word.isalpha()}
    return tuple(
        name
        if len(name) < MISSPELT_FROM or any(word.startswith(name) for word in known)
        else next((word for word in get_close_matches(name, known, cutoff=ALIKE) if word[0] == name[0]), name)
        for name in names
    )
