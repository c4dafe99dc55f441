"""The words with which doctors name a medicine: its name, form and strength.

A strength means whole numbers and is never guessed; a word of one or two letters means only itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounts.names import tidy
from clinical.statuses import DoseForm, DoseUnit, Route

SOLID = (DoseForm.TABLET, DoseForm.CAPSULE)
POURED = frozenset({DoseForm.SYRUP, DoseForm.SUSPENSION, DoseForm.SOLUTION})
DROPPED = frozenset({DoseForm.DROPS, DoseForm.EYE_DROPS, DoseForm.EAR_DROPS})
# There is no usual dose of these.
WITHOUT_USUAL_DOSE = POURED | DROPPED | {DoseForm.INJECTION, DoseForm.NEBULISER_SOLUTION}
FORMS = [
    (re.compile(rf"(?<!\w)(?:{words})(?!\w)\.?"), frozenset(forms))
    for words, forms in (
        (r"e/d|ed|e\.d|eye[ -]?drops?", {DoseForm.EYE_DROPS}),
        (r"e/o|eye[ -]?oint(?:ment)?", {DoseForm.EYE_OINTMENT}),
        (r"ear[ -]?drops?", {DoseForm.EAR_DROPS}),
        (r"nasal[ -]?sprays?|sprays?", {DoseForm.NASAL_SPRAY}),
        (
            r"neb|nebuli[sz]er(?: solution)?|solution for nebuli[sz]ers|respules?",
            {DoseForm.NEBULISER_SOLUTION},
        ),
        (r"mdi|inhalers?", {DoseForm.INHALER}),
        (r"tab(?:let)?s?", {DoseForm.TABLET}),
        (r"cap(?:sule)?s?", {DoseForm.CAPSULE}),
        (r"syp|syr|syrup", POURED),
        (r"susp(?:ension)?", {DoseForm.SUSPENSION, DoseForm.SYRUP}),
        (r"soln|solution", {DoseForm.SOLUTION, DoseForm.NEBULISER_SOLUTION}),
        (r"drops?", DROPPED),
        (r"inj(?:ection)?", {DoseForm.INJECTION}),
        (r"oint(?:ment)?", {DoseForm.OINTMENT, DoseForm.EYE_OINTMENT}),
        (r"powder|sachets?", {DoseForm.POWDER}),
        (r"supp(?:ository|ositories)?", {DoseForm.SUPPOSITORY}),
        (r"pessary|pessaries", {DoseForm.PESSARY}),
        (r"lozenges?", {DoseForm.LOZENGE}),
        (r"mouthwash", {DoseForm.MOUTHWASH}),
        *((form.value, {form}) for form in (DoseForm.CREAM, DoseForm.GEL, DoseForm.LOTION)),
        *((form.value, {form}) for form in (DoseForm.SHAMPOO, DoseForm.PATCH)),
    )
]
# The only route that the form of a medicine outside the formulary says.
ROUTES = {
    **dict.fromkeys((*SOLID, *POURED), Route.ORAL),
    **dict.fromkeys((DoseForm.EYE_DROPS, DoseForm.EYE_OINTMENT), Route.OPHTHALMIC),
    **dict.fromkeys((DoseForm.INHALER, DoseForm.NEBULISER_SOLUTION), Route.INHALED),
    **dict.fromkeys((DoseForm.CREAM, DoseForm.GEL, DoseForm.LOTION, DoseForm.SHAMPOO), Route.TOPICAL),
    DoseForm.EAR_DROPS: Route.OTIC,
    DoseForm.NASAL_SPRAY: Route.NASAL,
    DoseForm.OINTMENT: Route.TOPICAL,
    DoseForm.SUPPOSITORY: Route.RECTAL,
    DoseForm.PESSARY: Route.VAGINAL,
    DoseForm.PATCH: Route.TRANSDERMAL,
}
ROUTE_WORDS = {"po": Route.ORAL, "iv": Route.INTRAVENOUS, "im": Route.INTRAMUSCULAR, "sc": Route.SUBCUTANEOUS}
ROUTE_WORDS |= {"sl": Route.SUBLINGUAL, "pr": Route.RECTAL, "pv": Route.VAGINAL}
ABBREVIATIONS = {"pcm": "paracetamol"}
AMOUNT = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?) ?(mg|mcg|gm|g|iu|units?|u|%)?(?:(?<=[g%u])|\b)(?!\w|\.\d)"
    r"(?: ?/ ?(\d*(?:\.\d+)?) ?(ml|dose|puff|h)\b)?"
)
IN_MG = {"mg": Decimal(1), "mcg": Decimal("0.001"), "g": Decimal(1000)}
WORD = re.compile(r"[^\W_](?:[\w]|'(?=\w))*")
SHORTEST_BEGINNING, CLEAR_BEGINNING = 3, 4  # letters


@dataclass(frozen=True)
class Amount:
    number: Decimal
    unit: str = ""
    per: str = ""

    @property
    def mg(self) -> Decimal | None:
        return self.number * IN_MG[self.unit] if self.unit in IN_MG else None

    def means(self, stated: "Amount") -> bool:
        """Whether this, as typed, is the amount that the formulary states."""
        if self.per and self.per != stated.per:
            return False
        if not self.unit:
            return self.number == stated.mg or (self.number == stated.number and stated.unit != "g")
        if self.mg is not None:
            return self.mg == stated.mg
        return (self.unit, self.number) == (stated.unit, stated.number)


@dataclass(frozen=True)
class Words:
    names: tuple[str, ...]
    forms: frozenset[str] = frozenset()
    amounts: tuple[Amount, ...] = ()


def words_of(text: str) -> Words:
    rest, forms = tidy(text).casefold().replace("µg", "mcg").replace("μg", "mcg"), frozenset()
    for pattern, named in FORMS:
        rest, found = pattern.subn(" ", rest)
        if found:
            forms = (forms & named or named) if forms else named
    amounts = amounts_of(rest)
    names = (word.replace("'", "") for word in WORD.findall(AMOUNT.sub(" ", rest)))
    return Words(tuple(ABBREVIATIONS.get(name, name) for name in names), forms, amounts)


def amounts_of(text: str) -> tuple[Amount, ...]:
    """The amounts of a strength: "250 mcg + 25 mcg/dose" are two, both per dose."""
    found = list(AMOUNT.finditer(text.casefold()))
    per = next((f"{each[3] or 1} {each[4]}" for each in found if each[4]), "")
    units = {"gm": "g", "u": "iu", "unit": "iu", "units": "iu"}
    return tuple(Amount(Decimal(each[1]), units.get(each[2], each[2] or ""), per) for each in found)


def is_strength(typed: Iterable[Amount], stated: tuple[Amount, ...]) -> bool:
    """Whether each typed amount is a whole amount of the strength, or the only one their sum."""
    typed, left = list(typed), list(stated)
    if len(typed) == 1 and len(stated) > 1 and len({each.unit for each in stated}) == 1:
        together = Amount(sum(each.number for each in stated), stated[0].unit, stated[0].per)
        if typed[0].means(together):
            return True
    for amount in typed:
        same = next((each for each in left if amount.means(each)), None)
        if same is None:
            return False
        left.remove(same)
    return True


def distance(typed: Iterable[str], label: Iterable[str]) -> tuple[int, int] | None:
    """How far the typed words are from a name: beginnings of its words, and words left out; None: another."""
    left, beginnings = list(label), 0
    for word in typed:
        if word in left:
            left.remove(word)
            continue
        longer = (each for each in left if len(word) >= SHORTEST_BEGINNING and each.startswith(word))
        begun = next(longer, None)
        if begun is None:
            return None
        left.remove(begun)
        beginnings += 1
    return beginnings, len(left)


def route_in(text: str) -> str:
    """The route that the words say; empty if they do not."""
    words = words_of(text)
    said = {ROUTE_WORDS[word] for word in words.names if word in ROUTE_WORDS}
    said = said or {ROUTES.get(form, "") for form in words.forms}
    return said.pop() if len(said) == 1 else ""


def has_usual_dose(form: str, unit: str, name: str) -> bool:
    """Whether one piece is meant where no dose is given; `name` says the form of an unknown medicine."""
    if unit in {DoseUnit.ML, DoseUnit.IU, DoseUnit.MG}:
        return False
    words = words_of("" if form else name)
    return not (({form} | words.forms) & WITHOUT_USUAL_DOSE or "insulin" in words.names)
