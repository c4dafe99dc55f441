"""The check of a prescription before it is signed.

It never says that a prescription is safe: whatever it has no data for is a finding "not checked".
Doses are compared with the maxima of the formulary (each row names its source); a child is anybody below 18.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models.patient import ADULT_AT
from clinical.prescribing.ages import find_ages
from clinical.prescribing.facts import (
    AllergyTo,
    Finding,
    InteractionData,
    PatientFacts,
    Prescribed,
    Taken,
)
from clinical.prescribing.interactions import find_interactions, pairs_of
from clinical.prescribing.schedule import plain
from clinical.statuses import Severity

# Two medicines of these classes are often given together, and an allergy to one says little about others.
BROAD = frozenset(
    {
        *("analgesic", "antibacterial", "anticonvulsant", "antidiarrhoeal", "antileprotic", "antimalarial"),
        *("antiplatelet", "antiprotozoal", "antiseptic", "antitubercular", "beta2_agonist", "corticosteroid"),
        *("emollient", "insulin", "laxative", "local_anaesthetic", "mineral", "ocular_lubricant"),
        *("rehydration", "saline"),
    }
)
# A patient allergic to the first may react to the second.
CROSS_REACTIONS = {
    "penicillin": {"cephalosporin"},
    "cephalosporin": {"penicillin"},
    "nsaid": {"salicylate"},
    "salicylate": {"nsaid"},
}
ABBREVIATIONS = {"ace", "arb", "dpp4", "glp1", "h2", "nsaid", "ppi", "sglt2", "snri", "ssri"}
FERTILE_AGES = range(12, 51)
SAFE_IN_PREGNANCY = {"", "compatible"}


def check_prescription(
    items: list[Prescribed], *, patient: PatientFacts, interactions: Sequence[InteractionData] = ()
) -> list[Finding]:
    """Everything to consider, the most serious first."""
    known = [item for item in items if item.drug]
    found = [
        *_weight(patient),
        *_allergies(known, patient),
        *_duplicates(known, patient.taken),
        *_daily_maxima(known, patient),
        *find_interactions(known, patient.taken, interactions),
        *find_ages(known, patient.age),
        *_pregnancy(known, patient),
        *_unknown(items, patient),
    ]
    order = list(Severity)
    return sorted(dict.fromkeys(found), key=lambda finding: order.index(finding.severity))


def _weight(patient: PatientFacts) -> Iterator[Finding]:
    """A doubtful weight needs a word of the doctor: it is printed, and others take doses from it."""
    if patient.weight_kg is not None and patient.weight_doubt:
        text = _("The weight of %(weight)s kg is not plausible: %(why)s.")
        values = {"weight": plain(patient.weight_kg), "why": patient.weight_doubt}
        yield Finding(f"weight:{values['weight']}", Severity.CAUTION, text % values)
        yield Finding.not_checked("weight", _("dose by weight (weight not plausible)"))


def _allergies(items: list[Prescribed], patient: PatientFacts) -> Iterator[Finding]:
    if patient.allergies is None:
        yield Finding.not_checked("allergies", _("allergies (nobody has asked the patient)"))
    for allergy in patient.allergies or ():
        if not allergy.is_known:
            yield _not_compared(allergy)
        for item in items:
            yield from _allergy(item, allergy)


def _not_compared(allergy: AllergyTo) -> Finding:
    """What nobody knows of a medicine may concern what is prescribed; of peanuts and pollen it does not."""
    key, named = f"allergy:{allergy.substance.casefold()}", {"substance": allergy.substance}
    if allergy.is_to_medicine:
        text = _("The allergy to %(substance)s could not be compared: the formulary does not know it.")
        return Finding(f"unknown_{key}", Severity.CAUTION, text % named)
    what = _("the allergy to %(substance)s (the formulary does not know it)")
    return Finding.not_checked(key, what % named)


def _allergy(item: Prescribed, allergy: AllergyTo) -> Iterator[Finding]:
    named = {"name": item.name, "substance": allergy.in_words}
    key = f"{item.name}:{allergy.substance.casefold()}"
    same = item.drug.ingredients & allergy.ingredients
    of_class = item.drug.classes & (allergy.classes | allergy.related_classes) - BROAD
    crossed = set().union(
        *(CROSS_REACTIONS.get(each, ()) for each in allergy.classes | allergy.related_classes)
    )
    if same:
        text = _("%(name)s contains %(ingredients)s: the patient is allergic to %(substance)s.")
        yield Finding(f"allergy:{key}", Severity.SERIOUS, text % (named | _list(same)))
    elif of_class:
        text = _("%(name)s is of the class %(classes)s: the patient is allergic to %(substance)s.")
        yield Finding(f"allergy_class:{key}", Severity.SERIOUS, text % (named | _classes(of_class)))
    elif item.drug.classes & crossed:
        text = _("%(name)s is of the class %(classes)s: with the allergy to %(substance)s it may react too.")
        yield Finding(
            f"cross_allergy:{key}", Severity.CAUTION, text % (named | _classes(item.drug.classes & crossed))
        )


def _duplicates(items: list[Prescribed], taken: tuple[Taken, ...]) -> Iterator[Finding]:
    for item, other in pairs_of(items, taken):
        named = {"name": item.name, "other": other.name}
        key = f"{item.name}:{other.name}"
        if same := item.drug.ingredients & other.drug.ingredients:
            text = _("%(name)s and %(other)s both contain %(ingredients)s.")
            yield Finding(f"duplicate:{key}", Severity.SERIOUS, text % (named | _list(same)))
        elif same := item.drug.classes & other.drug.classes - BROAD:
            text = _("%(name)s and %(other)s are both of the class %(classes)s.")
            yield Finding(f"duplicate_class:{key}", Severity.CAUTION, text % (named | _classes(same)))


def _daily_maxima(items: list[Prescribed], patient: PatientFacts) -> Iterator[Finding]:
    by_ingredient: dict[str, list] = {}
    for item in items:
        for content in item.drug.contents if item.is_systemic else ():
            by_ingredient.setdefault(content.ingredient, []).append((item, content))
    unchecked: dict[str, list[str]] = {}
    for ingredient, parts in by_ingredient.items():
        amounts = [item.mg_a_day(content) for item, content in parts]
        limit, reason = _limit([content for _item, content in parts], patient)
        if limit is not None and None in amounts:
            reason = _("amount per day unknown")
        if reason:
            unchecked.setdefault(reason, []).append(ingredient)
        total = sum((amount for amount in amounts if amount is not None), Decimal(0))
        if limit is not None and total > limit:
            text = _("%(ingredient)s: %(total)s mg a day, above the daily maximum of %(limit)s mg.")
            values = {"ingredient": ingredient, "total": plain(total), "limit": plain(limit)}
            yield Finding(f"daily_maximum:{ingredient}", Severity.SERIOUS, text % values)
    for reason, ingredients in unchecked.items():
        what = _("the daily maximum of %(ingredients)s (%(reason)s)")
        values = _list(ingredients) | {"reason": reason}
        yield Finding.not_checked(f"daily_maximum:{','.join(sorted(ingredients))}", what % values)


def _limit(contents: list, patient: PatientFacts) -> tuple[Decimal | None, str]:
    """The lowest maximum in mg a day that applies, and what is missing for a full check."""
    adult = min((each.max_adult for each in contents if each.max_adult is not None), default=None)
    if patient.age >= ADULT_AT:
        return adult, "" if adult is not None else _("the formulary has none")
    per_kg = min((each.max_per_kg for each in contents if each.max_per_kg is not None), default=None)
    if per_kg is None:
        return adult, _("the formulary has none for children")
    if patient.weight_kg is None:
        return adult, _("weight missing")
    if patient.weight_doubt:
        return adult, _("weight not plausible")
    by_weight = (per_kg * patient.weight_kg).quantize(Decimal("0.001"))
    return by_weight if adult is None else min(by_weight, adult), ""


def _pregnancy(items: list[Prescribed], patient: PatientFacts) -> Iterator[Finding]:
    if patient.sex == "male" or patient.age not in FERTILE_AGES:
        return
    for item in items:
        if item.drug.pregnancy not in SAFE_IN_PREGNANCY:
            what = _("pregnancy (not recorded); %(name)s in pregnancy: %(note)s")
            yield Finding.not_checked(
                f"pregnancy:{item.name}", what % {"name": item.name, "note": item.drug.pregnancy}
            )


def _unknown(items: list[Prescribed], patient: PatientFacts) -> Iterator[Finding]:
    unknown = [*(item for item in items if not item.drug), *(each for each in patient.taken if not each.drug)]
    for each in unknown:
        what = _("%(name)s (not in the formulary)")
        yield Finding.not_checked(f"unknown:{each.name.casefold()}", what % {"name": each.name})


def _list(ingredients) -> dict[str, str]:
    return {"ingredients": ", ".join(sorted(ingredients))}


def _classes(classes) -> dict[str, str]:
    words = [" ".join(_word(word) for word in name.split("_")) for name in sorted(classes)]
    return {"classes": ", ".join(words)}


def _word(word: str) -> str:
    return word.upper() if word in ABBREVIATIONS else word
