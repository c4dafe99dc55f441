"""What the check of a prescription needs to know, as values."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from clinical.prescribing.schedule import Schedule
from clinical.statuses import DoseUnit, InteractionLevel, Severity, StrengthPer


@dataclass(frozen=True)
class Content:
    """One ingredient of a medicine; `mg` per unit or mL, maxima per day. None: not in the formulary."""

    ingredient: str
    mg: Decimal | None = None
    max_adult: Decimal | None = None
    max_per_kg: Decimal | None = None


@dataclass(frozen=True)
class Drug:
    """A medicine of the formulary."""

    name: str
    contents: tuple[Content, ...]
    classes: frozenset[str] = frozenset()
    per: str = StrengthPer.UNIT
    pregnancy: str = ""

    @property
    def ingredients(self) -> frozenset[str]:
        return frozenset(content.ingredient for content in self.contents)


@dataclass(frozen=True)
class Prescribed:
    """An item to check; without a drug its name is unknown to the formulary."""

    name: str
    drug: Drug | None
    schedule: Schedule
    dose: Decimal = Decimal(1)
    unit: str = DoseUnit.UNIT
    is_systemic: bool = True

    def mg_a_day(self, content: Content) -> Decimal | None:
        """Milligrams of the ingredient on the day with the most doses; None if it cannot be computed."""
        doses, each = self.schedule.most_in_a_day, self._mg(content)
        return None if doses is None or each is None else doses * each

    def _mg(self, content: Content) -> Decimal | None:
        if self.unit == DoseUnit.MG:
            return self.dose if len(self.drug.contents) == 1 else None
        is_counted = (self.unit, self.drug.per) in (
            (DoseUnit.UNIT, StrengthPer.UNIT),
            (DoseUnit.ML, StrengthPer.ML),
        )
        return self.dose * content.mg if is_counted and content.mg is not None else None


@dataclass(frozen=True)
class Taken:
    """A medicine that the patient takes already: current, or of another valid prescription."""

    name: str
    drug: Drug | None = None
    is_systemic: bool = True


@dataclass(frozen=True)
class AllergyTo:
    """An allergy of the patient with what the formulary knows by its name.

    `ingredients` are those of the substance or brand, `classes` those that it names itself, and
    `related_classes` those of the ingredients. `read_as` is the spelling that the formulary knows, if the
    substance was recorded in another one.
    """

    substance: str
    ingredients: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    related_classes: frozenset[str] = frozenset()
    is_to_medicine: bool = True
    read_as: str = ""

    @property
    def in_words(self) -> str:
        """The substance, and how it was read: "Asprin (read as aspirin)"."""
        if not self.read_as:
            return self.substance
        return _("%(substance)s (read as %(name)s)") % {"substance": self.substance, "name": self.read_as}

    @property
    def is_known(self) -> bool:
        return bool(self.ingredients or self.classes)


@dataclass(frozen=True)
class PatientFacts:
    """`allergies` is None if nobody has asked, and empty if none are known.

    `weight_doubt` says why the weight is not used for doses; empty if it is.
    """

    age: int
    sex: str
    weight_kg: Decimal | None = None
    allergies: tuple[AllergyTo, ...] | None = None
    taken: tuple[Taken, ...] = ()
    weight_doubt: str = ""


@dataclass(frozen=True)
class Interaction:
    """What a data set says about two names, each an ingredient or a class of the formulary."""

    one: str
    other: str
    level: InteractionLevel
    text: str = ""


@dataclass(frozen=True)
class InteractionData:
    """A loaded data set, never complete: its label is shown with each finding.

    `covers` are the ingredients and classes that it knows, also those that interact with nothing.
    """

    label: str
    covers: frozenset[str]
    interactions: tuple[Interaction, ...] = ()


@dataclass(frozen=True)
class Finding:
    """Something to consider before signing; `key` is the same in every check of the same prescription."""

    key: str
    severity: Severity
    text: str

    @property
    def code(self) -> str:
        return self.key.partition(":")[0]

    @property
    def needs_reason(self) -> bool:
        return self.severity in {Severity.SERIOUS, Severity.CAUTION}

    @classmethod
    def not_checked(cls, key: str, what: str) -> "Finding":
        text = _("Not checked: %(what)s.") % {"what": what}
        return cls(f"not_checked:{key}", Severity.NOT_CHECKED, text)
