"""Interactions between the items of a prescription, and with what the patient takes already.

Only the loaded data sets are asked. A medicine that none of them knows is "not checked".
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from operator import attrgetter

from django.utils.translation import gettext as _

from clinical.prescribing.facts import Drug, Finding, Interaction, InteractionData, Prescribed, Taken
from clinical.statuses import InteractionLevel, Severity

LEVELS = list(InteractionLevel)
SEVERITY = {
    InteractionLevel.CONTRAINDICATED: Severity.SERIOUS,
    InteractionLevel.NOT_ADVISED: Severity.SERIOUS,
    InteractionLevel.PRECAUTION: Severity.CAUTION,
    InteractionLevel.CONSIDER: Severity.NOTE,
}
# The data sets mean systemic use: drops or a cream count one severity less.
IF_LOCAL = {Severity.SERIOUS: Severity.CAUTION, Severity.CAUTION: Severity.NOTE, Severity.NOTE: Severity.NOTE}
Pair = tuple[Prescribed, Prescribed | Taken]


def pairs_of(items: list[Prescribed], taken: tuple[Taken, ...]) -> list[Pair]:
    """Each two medicines of the formulary of which at least one is an item, however the items are ordered."""
    ordered = sorted(items, key=attrgetter("name"))
    beside = [(item, other) for item in ordered for other in taken if other.drug]
    return [*combinations(ordered, 2), *beside]


def find_interactions(
    items: list[Prescribed], taken: tuple[Taken, ...], sets: Sequence[InteractionData]
) -> Iterator[Finding]:
    """One finding for each two medicines that interact, and what was not checked."""
    if not sets:
        yield Finding.not_checked("interactions", _("interactions (no data set is loaded)"))
        return
    pairs = pairs_of(items, taken)
    for one, other in pairs:
        if found := _between(one.drug, other.drug, sets):
            yield _finding(one, other, found)
    labels = {"labels": ", ".join(data.label for data in sets)}
    known = frozenset().union(*(data.covers for data in sets))
    if missing := {name for pair in pairs for each in pair for name in _unknown(each.drug, known)}:
        names = ", ".join(sorted(missing))
        what = _("interactions of %(names)s (not in %(labels)s)") % ({"names": names} | labels)
        yield Finding.not_checked(f"interactions_of:{names}", what)
    yield Finding.not_checked("interactions", _("interactions outside the data set %(labels)s") % labels)


def _between(drug: Drug, other: Drug, sets: Sequence[InteractionData]) -> list[tuple[Interaction, str]]:
    """What the data sets say about the two medicines, each with a label, the most serious first."""
    first, last = _brings(drug, other), _brings(other, drug)
    found = [
        (each, data.label)
        for data in sets
        for each in data.interactions
        if (each.one in first and each.other in last) or (each.one in last and each.other in first)
    ]
    return sorted(found, key=lambda row: (LEVELS.index(row[0].level), row[1], row[0].text))


def _brings(drug: Drug, beside: Drug) -> frozenset[str]:
    """What the medicine adds to the other one: nothing interacts with itself or within one medicine."""
    own = drug.ingredients - beside.ingredients
    return own | drug.classes if own else own


def _finding(one: Prescribed, other: Prescribed | Taken, found: list[tuple[Interaction, str]]) -> Finding:
    severity = SEVERITY[found[0][0].level]
    text = _("%(name)s and %(other)s interact.")
    if not (one.is_systemic and other.is_systemic):
        severity = IF_LOCAL[severity]
        text = _("%(name)s and %(other)s interact if enough of what is used locally is absorbed.")
    said = dict.fromkeys(_said(each, label) for each, label in found)
    named = {"name": one.name, "other": other.name}
    return Finding(f"interaction:{one.name}:{other.name}", severity, " ".join([text % named, *said]))


def _said(interaction: Interaction, label: str) -> str:
    level = str(interaction.level.label)
    words = f"{level}: {interaction.text}" if interaction.text else level
    return f"{words} ({label})."


def _unknown(drug: Drug, known: frozenset[str]) -> frozenset[str]:
    """The ingredients that no data set knows; none if one knows the class of the medicine."""
    if drug.classes & known:
        return frozenset()
    return (drug.ingredients or frozenset({drug.name})) - known
