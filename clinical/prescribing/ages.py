"""Medicines that are not given below an age, or only after weighing it.

Sources:
- acetylsalicylic acid below 16 years: Medicines and Healthcare products Regulatory Agency (MHRA), 2003
  (Reye's syndrome);
- codeine below 12 years: MHRA, Drug Safety Update, July 2013; European Medicines Agency (EMA), 2013;
- doxycycline below 8 years: labelling by the US Food and Drug Administration (FDA), tooth development;
- other tetracyclines below 12 years: British National Formulary for Children (BNFC);
- fluoroquinolones below 18 years: FDA labelling (joints and tendons); EMA, 2018.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinical.prescribing.facts import Drug, Finding, Prescribed
from clinical.statuses import Severity


@dataclass(frozen=True)
class AgeLimit:
    """`name` is an ingredient, or a class of the formulary whose members have no limit of their own."""

    name: str
    below: int  # completed years
    why: str
    source: str


INGREDIENTS = (
    AgeLimit("aspirin", 16, gettext_lazy("Reye's syndrome"), "MHRA 2003"),
    AgeLimit("codeine", 12, gettext_lazy("breathing may be depressed"), "MHRA 2013, EMA 2013"),
    AgeLimit("doxycycline", 8, gettext_lazy("teeth may be discoloured"), "FDA"),
)
CLASSES = (
    AgeLimit("tetracycline", 12, gettext_lazy("teeth may be discoloured"), "BNFC"),
    AgeLimit("fluoroquinolone", 18, gettext_lazy("joints and tendons may be damaged"), "FDA, EMA 2018"),
)


def find_ages(items: list[Prescribed], age: int) -> Iterator[Finding]:
    """One caution for each systemic medicine and each limit that the patient has not reached."""
    text = _("%(name)s is not for patients below %(below)d years: %(why)s (%(source)s).")
    for item in items:
        for limit in _limits_of(item.drug) if item.is_systemic else ():
            if age < limit.below:
                values = {"name": item.name, "below": limit.below, "why": limit.why, "source": limit.source}
                yield Finding(f"age:{item.name}:{limit.name}", Severity.CAUTION, text % values)


def _limits_of(drug: Drug) -> list[AgeLimit]:
    own = [limit for limit in INGREDIENTS if limit.name in drug.ingredients]
    has_own = {"tetracycline"} if "doxycycline" in drug.ingredients else set()
    return own + [limit for limit in CLASSES if limit.name in drug.classes - has_own]
