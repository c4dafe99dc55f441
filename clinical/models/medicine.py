import re
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from clinical.querysets.medicines import MedicineQuerySet, search_key
from clinical.statuses import DoseForm, DrugSchedule, Route, StrengthPer, TelemedicineList
from hms.core.constraints import one_of
from hms.core.folded import FoldedKey, NamedOnce

POURED = {DoseForm.SYRUP, DoseForm.SUSPENSION}  # doctors call both a syrup
NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Ingredient(Audited, NamedOnce):
    """One active substance, by its generic name."""

    name = models.CharField(_("name"), max_length=80)
    name_key = FoldedKey("name", unique=True)

    class Meta(Audited.Meta):
        ordering = ["name"]
        verbose_name = _("ingredient")
        verbose_name_plural = _("ingredients")

    def __str__(self):
        return self.name


class Medicine(Audited, NamedOnce):
    """One generic product of the formulary: a name, a form and a strength."""

    log_exclude = ("search_key",)

    name = models.CharField(_("generic name"), max_length=120)
    name_key = FoldedKey("name")
    form = models.CharField(_("form"), max_length=20, choices=DoseForm)
    strength = models.CharField(_("strength"), max_length=40)
    strength_key = FoldedKey("strength")
    per = models.CharField(_("strength is per"), max_length=4, choices=StrengthPer)
    route = models.CharField(_("route"), max_length=16, choices=Route)
    ingredients = models.ManyToManyField(
        Ingredient, through="MedicineIngredient", related_name="medicines", verbose_name=_("ingredients")
    )
    classes = models.CharField(
        _("classes"), max_length=120, blank=True, help_text=_("Separated by semicolons.")
    )
    atc = models.CharField(_("ATC code"), max_length=7, blank=True)
    schedule = models.CharField(_("schedule"), max_length=4, choices=DrugSchedule, default=DrugSchedule.NONE)
    telemedicine = models.CharField(
        _("telemedicine list"), max_length=10, choices=TelemedicineList, blank=True, default=""
    )
    pregnancy = models.CharField(_("in pregnancy"), max_length=60, blank=True)
    brands = models.TextField(_("brands"), blank=True, help_text=_("One brand per line."))
    source = models.CharField(_("source"), max_length=200, blank=True)
    is_active = models.BooleanField(_("can be prescribed"), default=True)
    # Name, strength, form and brands, folded, each word after a blank.
    search_key = models.TextField(editable=False, default="")

    objects = MedicineQuerySet.as_manager()

    class Meta(Audited.Meta):
        ordering = ["name", "form", "strength"]
        verbose_name = _("medicine")
        verbose_name_plural = _("medicines")
        permissions = [
            ("import_medicine", _("Can import medicines")),
            ("export_medicine", _("Can export medicines")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name_key", "form", "strength_key"],
                name="clinical_medicine_is_in_the_formulary_once",
            ),
            one_of("form", DoseForm, "clinical_medicine_form_exists"),
            one_of("per", StrengthPer, "clinical_medicine_strength_is_per_unit_or_ml"),
            one_of("route", Route, "clinical_medicine_route_exists"),
            one_of("schedule", DrugSchedule, "clinical_medicine_schedule_exists"),
            one_of("telemedicine", TelemedicineList, "clinical_medicine_telemedicine_list_exists"),
        ]

    def __str__(self):
        return f"{self.name}, {self.get_form_display().lower()} {self.strength}"

    def save(self, *args, **kwargs):
        self.set_key()
        super().save(*args, **kwargs)

    def set_key(self) -> None:
        parts = [Decimal(number) for number in NUMBER.findall(self.strength)]
        together = sum(parts) if "+" in self.strength else ""  # "Augmentin 625" is 500 mg + 125 mg
        form = "syrup syp suspension" if self.form in POURED else self.form.replace("_", " ")
        self.search_key = search_key(
            f"{self.name} {self.strength} {form} {together} {self.initials} {self.brands}"
        )

    @property
    def initials(self) -> str:
        """ORS, of a name with three words or more."""
        words = self.name.split()
        return "".join(word[0] for word in words) if len(words) > 2 and "+" not in words else ""

    @property
    def brand_names(self) -> list[str]:
        return self.brands.splitlines()

    @property
    def class_names(self) -> frozenset[str]:
        return frozenset(name.strip() for name in self.classes.split(";") if name.strip())


class MedicineIngredient(Audited):
    """How much of an ingredient a medicine contains, and its highest daily dose where it is certain."""

    medicine = models.ForeignKey(Medicine, on_delete=models.CASCADE, related_name="contents")
    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, related_name="contents")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    mg = models.DecimalField(_("mg per unit or mL"), max_digits=10, decimal_places=4, null=True, blank=True)
    max_daily_mg_adult = models.DecimalField(
        _("daily maximum of an adult (mg)"), max_digits=9, decimal_places=3, null=True, blank=True
    )
    max_daily_mg_per_kg_child = models.DecimalField(
        _("daily maximum of a child (mg per kg)"), max_digits=8, decimal_places=3, null=True, blank=True
    )

    class Meta(Audited.Meta):
        ordering = ["medicine", "position", "pk"]
        verbose_name = _("ingredient of a medicine")
        verbose_name_plural = _("ingredients of a medicine")
        constraints = [
            models.UniqueConstraint(
                fields=["medicine", "ingredient"], name="clinical_medicine_names_an_ingredient_once"
            ),
        ]

    def __str__(self):
        return f"{self.ingredient} in {self.medicine}"
