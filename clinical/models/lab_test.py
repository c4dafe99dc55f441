"""The catalogue of tests. Ranges are rows with dates: a result keeps a copy of the one that it met."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from clinical.formulas import FORMULAS, Formula
from clinical.querysets import LabTestQuerySet, ReferenceRangeQuerySet
from clinical.statuses import Container, LabSection, RangeSex, ResultKind, Specimen
from clinical.statuses.confidentiality import Confidentiality
from hms.core.constraints import one_of
from hms.core.folded import FoldedKey, NamedOnce

VALUE = {"max_digits": 14, "decimal_places": 5, "null": True, "blank": True}


class LabTest(Audited, NamedOnce):
    """One test, examination or image that a doctor can order."""

    log_name = "name"

    code = models.SlugField(_("code"), max_length=16, unique=True)
    code_key = FoldedKey("code", unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_key = FoldedKey("name", unique=True)
    synonyms = models.CharField(_("other names"), max_length=160, blank=True, help_text=_("With ; between."))
    section = models.CharField(_("section"), max_length=12, choices=LabSection)
    kind = models.CharField(_("kind of result"), max_length=8, choices=ResultKind)
    loinc = models.CharField(_("LOINC code"), max_length=10, blank=True)
    unit = models.CharField(_("unit (UCUM)"), max_length=24, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    other_unit = models.CharField(_("other unit (UCUM)"), max_length=24, blank=True)
    other_factor = models.DecimalField(
        _("factor"), max_digits=14, decimal_places=8, null=True, blank=True,
        help_text=_("A value in the other unit times this factor is the value in the unit."),
    )  # fmt: skip
    choices = models.CharField(_("choices"), max_length=240, blank=True, help_text=_("With | between."))
    usual_choices = models.CharField(_("usual choices"), max_length=120, blank=True)
    critical_choices = models.CharField(_("critical choices"), max_length=120, blank=True)
    confidentiality = models.CharField(
        _("open to"), max_length=8, choices=Confidentiality, default=Confidentiality.NORMAL
    )
    specimen = models.CharField(_("specimen"), max_length=8, choices=Specimen)
    container = models.CharField(_("container"), max_length=10, choices=Container)
    turnaround_hours = models.PositiveSmallIntegerField(_("turnaround (hours)"))
    critical_low = models.DecimalField(_("critical at or below"), **VALUE)
    critical_high = models.DecimalField(_("critical at or above"), **VALUE)
    lowest = models.DecimalField(
        _("lowest possible"), **VALUE, help_text=_("In the unit; lower numbers are refused as mistakes.")
    )
    highest = models.DecimalField(
        _("highest possible"), **VALUE, help_text=_("In the unit; higher numbers are refused as mistakes.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("can be ordered"), default=True)

    objects = LabTestQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "name"]
        verbose_name = _("laboratory test")
        verbose_name_plural = _("laboratory tests")
        constraints = [
            one_of("confidentiality", Confidentiality, "clinical_lab_test_confidentiality_exists"),
            one_of("section", LabSection, "clinical_lab_test_section_exists"),
            one_of("kind", ResultKind, "clinical_lab_test_kind_exists"),
            one_of("specimen", Specimen, "clinical_lab_test_specimen_exists"),
            one_of("container", Container, "clinical_lab_test_container_exists"),
            models.CheckConstraint(
                condition=~Q(kind=ResultKind.NUMBER) | ~Q(unit=""),
                name="clinical_lab_test_of_a_number_has_a_unit",
                violation_error_message=_("Enter the unit of the numbers."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=ResultKind.CHOICE) | ~Q(choices=""),
                name="clinical_lab_test_of_choices_lists_them",
                violation_error_message=_("List the choices."),
            ),
            models.CheckConstraint(
                condition=Q(other_unit="", other_factor__isnull=True)
                | (~Q(other_unit="") & Q(other_factor__gt=0)),
                name="clinical_other_unit_has_a_factor",
                violation_error_message=_("Enter the other unit with its factor, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(lowest__isnull=True) | Q(highest__isnull=True) | Q(lowest__lt=F("highest")),
                name="clinical_lab_test_lowest_is_below_highest",
                violation_error_message=_("The lowest possible number must be below the highest one."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def listed_choices(self) -> list[str]:
        return self.choices.split("|") if self.choices else []

    @property
    def units(self) -> list[str]:
        return [unit for unit in (self.unit, self.other_unit) if unit]

    @property
    def formula(self) -> Formula | None:
        return FORMULAS.get(self.code) if self.kind == ResultKind.NUMBER else None

    @property
    def computing_units(self) -> list[str]:
        """Units of the inputs from which the formula gives a unit of the test."""
        taken = self.formula.units.items() if self.formula else ()
        return [unit for unit, given in taken if given in self.units]

    @property
    def is_computed(self) -> bool:
        """Whether nobody enters a result: it is computed from others of the sample."""
        return bool(self.computing_units)

    def converted(self, value: Decimal, unit: str, wanted: str) -> Decimal | None:
        """The value in the wanted unit, not rounded; None if the factor of the test does not lead there."""
        if unit == wanted:
            return value
        if {unit, wanted} != {self.unit, self.other_unit}:
            return None
        return value * self.other_factor if wanted == self.unit else value / self.other_factor

    def possible(self, unit: str) -> tuple[Decimal | None, Decimal | None]:
        """The lowest and the highest number that a result can be, with three digits in the other unit."""
        return (
            self._limit(self.lowest, unit, ROUND_FLOOR),
            self._limit(self.highest, unit, ROUND_CEILING),
        )

    def is_possible(self, value: Decimal, unit: str) -> bool:
        low, high = self.possible(unit)
        return (low is None or value >= low) and (high is None or value <= high)

    def _limit(self, limit: Decimal | None, unit: str, rounding: str) -> Decimal | None:
        if limit is None or unit == self.unit:
            return limit
        exact = self.converted(limit, self.unit, unit)
        return None if exact is None else Context(prec=3, rounding=rounding).create_decimal(exact)


class LabPanel(Audited, NamedOnce):
    """Tests that are ordered together."""

    log_name = "name"

    code = models.SlugField(_("code"), max_length=16, unique=True)
    code_key = FoldedKey("code", unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_key = FoldedKey("name", unique=True)
    synonyms = models.CharField(_("other names"), max_length=160, blank=True, help_text=_("With ; between."))
    tests = models.ManyToManyField(LabTest, related_name="panels", verbose_name=_("tests"))
    is_active = models.BooleanField(_("can be ordered"), default=True)

    objects = LabTestQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        verbose_name = _("laboratory panel")
        verbose_name_plural = _("laboratory panels")

    def __str__(self):
        return self.name


class ReferenceRange(Audited):
    """The usual values of a test for a sex and an age, from one day to another; a change is a new row."""

    test = models.ForeignKey(
        LabTest, on_delete=models.PROTECT, related_name="ranges", verbose_name=_("laboratory test")
    )
    sex = models.CharField(_("sex"), max_length=3, choices=RangeSex, default=RangeSex.ANY)
    age_from_days = models.PositiveIntegerField(
        _("from age (days)"), default=0, help_text=_("A year has 365.25 days, rounded down.")
    )
    age_to_days = models.PositiveIntegerField(_("below age (days)"), null=True, blank=True)
    unit = models.CharField(_("unit (UCUM)"), max_length=24)
    low = models.DecimalField(_("low"), **VALUE)
    high = models.DecimalField(_("high"), **VALUE)
    critical_low = models.DecimalField(_("critical at or below"), **VALUE)
    critical_high = models.DecimalField(_("critical at or above"), **VALUE)
    source = models.CharField(_("source"), max_length=120)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid before"), null=True, blank=True)

    objects = ReferenceRangeQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["test", "sex", "age_from_days", "-valid_from"]
        verbose_name = _("reference range")
        verbose_name_plural = _("reference ranges")
        constraints = [
            one_of("sex", RangeSex, "clinical_range_sex_exists"),
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False),
                name="clinical_range_has_a_limit",
                violation_error_message=_("Enter a lower or an upper limit."),
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lt=F("high")),
                name="clinical_range_is_low_below_high",
                violation_error_message=_("The lower limit must be below the upper one."),
            ),
            models.CheckConstraint(
                condition=Q(age_to_days__isnull=True) | Q(age_to_days__gt=F("age_from_days")),
                name="clinical_range_ends_at_a_higher_age",
                violation_error_message=_("The range must end at a higher age than it begins."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="clinical_range_ends_after_it_begins",
                violation_error_message=_("The range must end after it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.test}: {self.get_sex_display()}, {self.age_from_days}-{self.age_to_days or ''}"
